"""Hand out jobs, take back what comes, and make good for workers that die."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from simulator.kernel.messages import Message, msg
from simulator.kernel.units import ToldError, WorkError
from simulator.kernel.workers.backends import Backend, Serial

TRIES = 3
"""How often a job is tried before it is given up."""

SECONDS_BETWEEN_LOOKS = 1.0
"""Seconds between two looks at the clock while nothing comes back."""

Found = TypeVar("Found")
Name = TypeVar("Name", bound=Hashable)
Job = TypeVar("Job")


@dataclass(frozen=True)
class Lost:
    """A job that was given up: why, and the error to raise where nothing goes on without it."""

    reason: Message
    error: Exception


def in_order(
    crew: Backend, jobs: Sequence[Callable[[], Found]], progress: Callable[[int, int], None] | None = None
) -> list[Found]:
    """Do every job, and give the results in the order of the jobs; a single one needs no other process."""
    found: dict[int, Any] = {}
    for place, result in as_they_come(crew if len(jobs) > 1 else Serial(), enumerate(jobs)):
        if isinstance(result, Lost):
            raise result.error
        found[place] = result
        if progress:
            progress(len(found), len(jobs))
    return [found[place] for place in range(len(jobs))]


def as_they_come(
    crew: Backend,
    jobs: Iterable[tuple[Name, Callable[[], Any]]],
    tick: Callable[[], None] = lambda: None,
    tries: int = 1,
) -> Iterator[tuple[Name, Any]]:
    """Do jobs of any kind, and give what each found under its name as it comes, or that it is `Lost`.

    Never more are handed out than the crew has slots for; `Growing` jobs may be added to meanwhile. A job is a function without
    arguments that can travel, such as a `partial`. One whose worker dies is tried again, one that raises only if `tries` says so.
    `tick` is called about once a second.
    """
    return _HandOut(crew, iter(jobs), tries).run(tick)


class Growing(Iterator[Job]):
    """Jobs to which whoever learns of results adds more."""

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()

    def add(self, jobs: Sequence[Job], first: bool = False) -> None:
        """Put jobs behind those that wait, or before them."""
        if first:
            self.waiting.extendleft(reversed(jobs))
        else:
            self.waiting.extend(jobs)

    def __next__(self) -> Job:
        """The job whose turn it is."""
        if not self.waiting:
            raise StopIteration
        return self.waiting.popleft()


class _HandOut(Generic[Name]):
    """Jobs in work, jobs that failed, and how often."""

    def __init__(self, crew: Backend, jobs: Iterator[tuple[Name, Callable[[], Any]]], tries: int) -> None:
        self.crew, self.jobs, self.patience = crew, jobs, tries
        self.in_work: dict[Future[Any], tuple[Name, Callable[[], Any]]] = {}
        self.suspects: deque[tuple[Name, Callable[[], Any]]] = (
            deque()
        )  # in work when a worker died, or failed: now one by one
        self.tries: Counter[Name] = Counter()

    def run(self, tick: Callable[[], None]) -> Iterator[tuple[Name, Any]]:
        """Work off all jobs."""
        self._hand_out()
        while self.in_work:
            ready, _ = wait(self.in_work, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
            if not ready:
                self.crew.look()
            yield from self._take_back(ready)
            tick()
            self._hand_out()

    def _hand_out(self) -> None:
        """Fill the slots. A suspect runs alone, so that no other job is blamed if a worker dies of it again."""
        if self.suspects:
            if not self.in_work:
                self._submit(*self.suspects.popleft())
            return
        slots = self.crew.slots()
        while len(self.in_work) < slots and not self.suspects:
            job = next(self.jobs, None)
            if job is None:
                return
            self._submit(*job)

    def _submit(self, name: Name, job: Callable[[], Any]) -> None:
        try:
            future = self.crew.submit(job)
        except BrokenProcessPool:
            self.crew.restart()
            future = self.crew.submit(job)
        self.in_work[future] = name, job

    def _take_back(self, ready: set[Future[Any]]) -> Iterator[tuple[Name, Any]]:
        died = list[tuple[Name, Callable[[], Any]]]()
        for future in ready:
            name, job = self.in_work.pop(future)
            try:
                found = future.result()
            except BrokenProcessPool:
                died.append((name, job))
            except CancelledError:
                raise WorkError(msg("the cluster let go of its work; what is finished is kept, run it again")) from None
            except Exception as error:
                patience = 1 if _tried_by_others(error) else self.patience
                yield from self._again(name, job, Lost(_failed(error), error), patience)
            else:
                yield name, found
        if died:
            died += self.in_work.values()
            self.in_work.clear()
            self.crew.restart()
        for name, job in died:
            yield from self._again(name, job, Lost(msg("a worker died of it"), WorkError(_killed(TRIES))), TRIES)

    def _again(self, name: Name, job: Callable[[], Any], lost: Lost, patience: int) -> Iterator[tuple[Name, Any]]:
        self.tries[name] += 1
        if self.tries[name] >= patience:
            yield name, lost
        else:
            self.suspects.append((name, job))


def _failed(error: Exception) -> Message:
    """Say what went wrong in a job."""
    problem = error.text if isinstance(error, ToldError) else f"{error}"
    return msg("{kind}: {problem}", kind=type(error).__name__, problem=problem)


def _killed(times: int) -> Message:
    """Say that workers die, and what helps."""
    return msg(
        "a worker died {n} times over the same piece of work, which is mostly for want of memory; "
        "take fewer workers (--workers 1), months or products",
        n=times,
    )


def _tried_by_others(error: Exception) -> bool:
    """Tell whether a scheduler gave a job up after it had killed one worker after the other."""
    return type(error).__name__ == "KilledWorker"
