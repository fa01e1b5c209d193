"""Fork a run: from a month's executive meeting on, many possible futures of one replication."""

from __future__ import annotations

from dataclasses import replace

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import msg
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.world.luck import Fork, forked

LAST_STEP = 5
"""The step of a cycle that decides."""


def day_of_step(scenario: Scenario, policy: Policy, month: int, step: int = LAST_STEP) -> int:
    """Return the day on which a step of a month's cycle is held, counted from 1; the month's first day where it has no cycle."""
    days, cycles = scenario.days, months_with_cycle(scenario, policy)
    if month not in cycles:
        return int(days.month_start[month])
    if month == cycles[0]:  # there is no plan yet, and all steps are held in one day
        return int(days.first_worked[month])
    return days.working_day(month, policy.meeting_days[step - 1])


def months_with_cycle(scenario: Scenario, policy: Policy) -> list[int]:
    """List the months in which a policy holds its cycle; none where it needs no meetings."""
    days, n = scenario.days, scenario.network
    if not policy.holds_cycles(n.products, n.names[len(n.products) :]):
        return []
    return [month for month in range(days.months) if days.holds_cycle(month, policy.cycle_months)]


def until(scenario: Scenario, month: int, ahead: int | None) -> Scenario:
    """The scenario scored from a month on, and run for some months from that one on; to its end where none are given."""
    months = scenario.days.months - month
    if ahead is not None and not 1 <= ahead <= months:
        raise ScenarioError(
            msg(
                "a look of {ahead} months ahead from month {month} is outside the run; it must be 1 to {most}, or "
                "experiment.months changed",
                ahead=ahead,
                month=month + 1,
                most=months,
            )
        )
    end = month + (months if ahead is None else ahead)
    experiment = scenario.experiment.model_copy(update={"months": end, "warm_up": month})
    return replace(scenario, experiment=experiment)


def fork_of(scenario: Scenario, replication: int, seed: int, day: int, anew: int | None = None) -> Fork:
    """Fork a replication of a scenario on the morning of a day."""
    return forked(scenario.company, scenario.days, seed, replication, day, anew)
