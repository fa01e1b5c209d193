"""Tell whoever watches how far long work is; nobody does unless the one who asked for the work wants to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeAlias

from simulator.kernel.messages import Message

Tell: TypeAlias = Callable[[int, int], None]
"""Takes how much is done, and of how much."""

Watch: TypeAlias = Callable[[Message], AbstractContextManager[Tell]]
"""Takes what the work is, and shows how far it is for as long as it lasts."""

WATCHED: ContextVar[Watch | None] = ContextVar("watched", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Have long work shown in a way for a while."""
    token = WATCHED.set(watch)
    try:
        yield
    finally:
        WATCHED.reset(token)


def under_way(about: Message) -> AbstractContextManager[Tell]:
    """Begin long work: what is yielded takes how far it is."""
    watch = WATCHED.get()
    return watch(about) if watch else nullcontext(lambda done, total: None)
