"""The runner: hands out blocks, commits what comes back, and names those that were given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import Backend, Lost, as_they_come
from simulator.studies.blocks import Work, maker_of_results, packed_study
from simulator.studies.cutting import Block
from simulator.studies.result_part import ResultPart
from simulator.studies.study import Study

TRIES = 3
"""How often a block is tried before it is given up."""

Done = Callable[[Block, ResultPart], None]
Failed = Callable[[Block, Lost], None]


class Runner:
    """The runner of a study: works off its blocks and reports each."""

    def __init__(self, study: Study, backend: Backend, done: Done, failed: Failed, do: Work) -> None:
        self.study, self.backend, self.done, self.failed, self.do = study, backend, done, failed, do
        self.travels = packed_study(study)
        self.made_by = maker_of_results()

    def run(self, blocks: Iterator[Block], tick: Callable[[], None] = lambda: None) -> None:
        """Work off all blocks; `tick` is called about once a second."""
        jobs = ((block, self._job(block)) for block in blocks)
        for block, found in as_they_come(self.backend, jobs, tick, TRIES):
            if isinstance(found, Lost):
                self.failed(block, found)
                continue
            made_by, part = found
            self._same_maker(made_by)
            self.done(block, part)

    def _job(self, block: Block) -> Callable[[], tuple[dict[str, Any], ResultPart]]:
        return partial(self.do, self.travels, block, [self.study.points[point] for point in block.points])

    def _same_maker(self, made_by: dict[str, Any]) -> None:
        """Refuse a worker whose versions or processor would give other bits."""
        for what, here in self.made_by.items():
            if made_by[what] != here:
                raise ScenarioError(
                    msg(
                        "a worker has {what} {there}, here it is {here}; results would not repeat to the bit, so make both alike",
                        what=what,
                        there=f"{made_by[what]}",
                        here=f"{here}",
                    )
                )
