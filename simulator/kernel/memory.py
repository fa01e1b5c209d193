"""Memory that is given back and asked for again."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""The names of two settings of glibc's allocator, as its header has them."""

LARGE_ARRAY, KEPT_FREE = 4 << 20, 256 << 20
"""Bytes of an array from which on NumPy asks for large pages, and of freed smaller ones that a process keeps."""


@cache
def keep_what_is_freed() -> None:
    """Keep up to 256 MB of freed arrays below 4 MB: the system takes longer to clear fresh pages than a sum over them takes.

    Where there is no such setting (musl, macOS, Windows), nothing changes.
    """
    choose = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if choose is not None:
        choose(MMAP_THRESHOLD, LARGE_ARRAY)
        choose(TRIM_THRESHOLD, KEPT_FREE)
