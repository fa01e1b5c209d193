"""C, compiled by the machine's own compiler where there is one, and called with arrays of NumPy."""

import ctypes
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

COMPILER = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
NEEDED = "a C compiler, as cc on the path"


@cache
def compiled(source: str) -> ctypes.CDLL:
    """Compile a source that holds `run`."""
    assert COMPILER is not None, NEEDED
    with TemporaryDirectory() as folder:
        file, library = Path(folder, "loop.c"), Path(folder, "loop.so")
        file.write_text(source, encoding="utf-8")
        subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", library, file, "-lm"], check=True)
        return ctypes.CDLL(str(library))


def run(source: str, *given: int | np.ndarray) -> None:
    """Call `run` of a source with whole numbers and arrays, in the order of its parameters."""
    compiled(source).run(
        *(ctypes.c_int(one) if isinstance(one, int) else ctypes.c_void_p(one.ctypes.data) for one in given)
    )
