"""The runner: hands out blocks, commits what comes back, and makes good for workers that die."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from simulator.experiments.backends import Backend
from simulator.experiments.blocks import Work, maker, packed
from simulator.experiments.cutting import Block
from simulator.experiments.parts import Part
from simulator.experiments.study import Study
from simulator.units import ScenarioError

TRIES = 3
"""How often a block is tried before it is given up."""

PATIENCE = 1.0
"""Seconds between two looks at the clock while nothing comes back."""

Done = Callable[[Block, Part], None]
Failed = Callable[[Block, str], None]


class Runner:
    """Blocks in work, blocks that failed, and how often."""

    def __init__(self, study: Study, backend: Backend, done: Done, failed: Failed, do: Work) -> None:
        self.study, self.backend, self.done, self.failed, self.do = study, backend, done, failed, do
        self.travels = packed(study)
        self.in_work: dict[Future[Any], Block] = {}
        self.suspects: deque[Block] = deque()  # were in work when a worker died, or failed: tried again one by one
        self.tries: Counter[Block] = Counter()
        self.made_by = maker()

    def run(self, blocks: Iterator[Block], tick: Callable[[], None] = lambda: None) -> None:
        """Work off all blocks, never more than the back end has slots for; `tick` is called about once a second."""
        more = True
        while more or self.in_work or self.suspects:
            more = self._hand_out(blocks, more)
            if self.in_work:
                ready, _ = wait(self.in_work, PATIENCE, FIRST_COMPLETED)
                self._take_back(ready)
            tick()

    def _hand_out(self, blocks: Iterator[Block], more: bool) -> bool:
        """Fill the slots. A suspect runs alone, so that nobody else is blamed if a worker dies of it again."""
        if self.suspects:
            if not self.in_work:
                self._submit(self.suspects.popleft())
            return more
        slots = self.backend.slots()
        while more and len(self.in_work) < slots and not self.suspects:
            block = next(blocks, None)
            if block is None:
                return False
            self._submit(block)
        return more

    def _submit(self, block: Block) -> None:
        settings = [self.study.points[point] for point in block.points]
        try:
            future = self.backend.submit(self.do, self.travels, block, settings)
        except BrokenProcessPool:
            self.backend.restart()
            future = self.backend.submit(self.do, self.travels, block, settings)
        self.in_work[future] = block

    def _take_back(self, ready: set[Future[Any]]) -> None:
        died = False
        for future in ready:
            block = self.in_work.pop(future)
            try:
                made_by, part = future.result()
            except BrokenProcessPool:
                died = True
                self._again(block, "a worker died of it")
            except CancelledError:
                raise ScenarioError("the cluster let go of its work; what is finished is kept, run it again") from None
            except Exception as error:
                self._again(block, f"{type(error).__name__}: {error}", final=_tried_by_others(error))
            else:
                self._same_maker(made_by)
                self.done(block, part)
        if died:
            for block in self.in_work.values():
                self._again(block, "a worker died of it")
            self.in_work.clear()
            self.backend.restart()

    def _again(self, block: Block, reason: str, final: bool = False) -> None:
        self.tries[block] += 1
        if final or self.tries[block] >= TRIES:
            self.failed(block, reason)
        else:
            self.suspects.append(block)

    def _same_maker(self, made_by: dict[str, Any]) -> None:
        """Refuse a worker whose versions or processor would give other bits."""
        for what, here in self.made_by.items():
            if made_by[what] != here:
                raise ScenarioError(
                    f"a worker has {what} {made_by[what]}, here it is {here}; results would not repeat to the bit, so make both alike"
                )


def _tried_by_others(error: Exception) -> bool:
    """Whether a scheduler gave a block up after it had killed one worker after the other."""
    return type(error).__name__ == "KilledWorker"
