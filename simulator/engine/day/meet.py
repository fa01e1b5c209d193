"""Meet: the five steps of the monthly cycle, each on its working day; decisions take effect when they are due."""

from __future__ import annotations

from simulator.engine.firm import Firm
from simulator.engine.month import CYCLE_STEPS


def hold_cycle(firm: Firm) -> None:
    """Hold each step on its working day of a planning month; the first cycle of all in one day, as there is no plan yet.

    A month with fewer working days holds what would come later on its last one, in the order of the steps.
    """
    month, made = firm.view.month, firm.plans.made_in
    if firm.works_today and firm.calendar.holds_cycle(month, firm.policy.cycle_months):
        opening, held = not made, made[:1] == [month]
        for step, day in zip(CYCLE_STEPS, firm.policy.meeting_days, strict=True):
            if opening or (not held and firm.today == firm.calendar.working_day(month, day)):
                step(firm)
    take_effect(firm)


def take_effect(firm: Firm) -> None:
    """Put in force what was decided and is due today, lane by lane."""
    firm.mandates.open_month()
    for month in firm.plans.made_in[-2:]:
        due = firm.plans.effective[month] == firm.today
        if due.any():
            share = firm.policy.discipline.plan if month != firm.plans.made_in[0] else 1.0
            firm.plans.put_in_force(month, due, share)
            firm.register.take_effect(month, due)
            firm.mandates.take_effect(month, due)
