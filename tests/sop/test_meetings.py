"""Cut-off, frozen zone, and the day from which a decision holds."""

import numpy as np
import pytest

from simulator.engine.scenario import preset
from tests.sop.workshop import cups, luck, plans_followed, played, policy, tampered, two_families

POLICIES = ["sop", "sop-smoothed", "sop-optimised"]
MONTH = 4
STEPS = {
    "sales report": ["forecast"],
    "demand plan": ["demand", "small contracts", "large contracts", "imminent projects", "not yet signed"],
    "supply plan": ["wished"],
    "pre-meeting": ["safety_stock", "shortage", "option cost"],
    "executive meeting": ["production", "overtime"],
}


@pytest.fixture(scope="module")
def company():
    """Two families with small contracts, frames and projects, and hours that do not always reach."""
    return two_families()


@pytest.fixture(scope="module")
def known(company):
    """The books of each policy in the luck as it is."""
    weather = luck(company)
    return {name: played(company, preset(name), weather) for name in POLICIES}


def written(plans, table):
    """A plan or table by cycle."""
    return plans.tables[table] if table in plans.tables else getattr(plans, table)


def working_day(company, month, which):
    """The day of the run that is this working day of a month; the first is 1."""
    days = company.days
    inside = np.flatnonzero(days.working & (days.month == month))
    return int(inside[which - 1])


@pytest.mark.parametrize("step", range(5))
@pytest.mark.parametrize("name", POLICIES)
def test_no_document_changes_when_demand_after_its_cut_off_changes(company, known, name, step):
    """From the morning of a step on all demand is different: nothing that was written until then moves, and what follows does."""
    how = preset(name)
    cut = working_day(company, MONTH, how.meeting_days[step])
    other = played(company, how, tampered(luck(company), cut))
    for k, tables in enumerate(STEPS.values()):
        cycles = MONTH + (how.meeting_days[k] <= how.meeting_days[step])
        for table in tables:
            one, two = written(known[name].plans, table), written(other.plans, table)
            np.testing.assert_array_equal(one[:cycles], two[:cycles], err_msg=table)
    assert (known[name].plans.production[MONTH + 1] != other.plans.production[MONTH + 1]).any()
    for flow, book in known[name].flows.items():
        np.testing.assert_array_equal(book[:cut], other.flows[flow][:cut], err_msg=flow)


def test_the_budget_is_last_year_grown_and_the_year_after_grown_once_more():
    """Ten a day and a tenth more wanted: January of the budget is 341, January of the next year 375.1."""
    plans = played(cups(finance={"budget_growth": 0.1}), policy()).plans
    np.testing.assert_allclose(plans.budget[:2, 0, 0], [310 * 1.1, 290 * 1.1], rtol=0.01)
    np.testing.assert_allclose(plans.budget[12, 0, 0], 310 * 1.1 * 1.1, rtol=0.01)


def test_units_that_are_late_cost_what_customers_deduct_in_the_comparison_of_options():
    """Eight cups a day of ten asked, in stock a day later: short 50, 108, 170, 230, 292, 352 at six ends.

    A day of delay costs .5 % of 5: on average 25 are late for 31 days, 79 for 29, 139 for 31, 200 for 30, 261 for 31, 322 for 30.
    """
    books = played(cups(hours=0.8, opening=20, finance={"holding_rate": 0.0}), policy(capacity="rccp"))
    late = 25 * 31 + 79 * 29 + 139 * 31 + 200 * 30 + 261 * 31 + 322 * 30
    np.testing.assert_allclose(books.plans.tables["option cost"][0, 0], 0.025 * late)


@pytest.mark.parametrize("frozen", [1, 2, 3])
def test_the_frozen_zone_holds(company, frozen):
    """What is planned for the frozen months is what was planned for them a cycle before; what was wished otherwise is kept."""
    books = played(company, policy(frozen_months=frozen))
    plans = books.plans
    for month in range(1, company.days.months):
        kept = plans.production[month - 1, 1 : frozen + 1]
        np.testing.assert_array_equal(plans.production[month, :frozen], kept)
        asked = np.abs(plans.tables["wished"][month, :frozen] - kept).sum(axis=(0, 1))
        np.testing.assert_allclose(plans.tables["changes asked inside the frozen zone"][month], asked)
    free = played(company, policy()).plans
    assert (free.production[1:, 0] != free.production[:-1, 1]).any()


@pytest.mark.parametrize(("delay", "slips"), [(0, False), (4, False), (4, True)])
def test_the_floor_follows_the_old_plan_until_the_new_one_holds(company, delay, slips):
    """Every evening before the effective day the plan of the month before, from that day on the new one; lane by lane."""
    how = policy(
        meeting_days=(1, 2, 3, 5, 6),
        decision_delay=delay,
        slip_probability=0.5 if slips else 0.0,
        slip_days=5,
        supply_plan="level",
    )
    books, followed = plans_followed(company, how)
    plans, days, weather = books.plans, company.days, luck(company)
    seen = set()
    for month in range(1, days.months):
        held = working_day(company, month, 6)
        due = working_day(company, month, 6 + delay)
        late = working_day(company, month, 6 + delay + 5)
        effective = plans.effective[month]
        slipped = (weather.slip[month] < 0.5) & slips
        np.testing.assert_array_equal(effective, np.where(slipped, late, due))
        assert (effective >= held).all()
        seen.update(slipped.tolist())
        for day in range(int(days.month_start[month]), int(days.month_start[month + 1])):
            if day not in followed:
                continue
            old, new = plans.production[month - 1, 1:], plans.production[month, :-1]
            expected = np.where(day < effective, old, new)
            np.testing.assert_array_equal(followed[day][:11], expected)
    assert seen == ({True, False} if slips else {False})


def test_a_month_between_cycles_is_not_planned(company):
    """A cycle every second month: the months between keep what was planned for them."""
    plans = played(company, policy(cycle_months=2)).plans
    assert plans.made_in == [0, 2, 4, 6]
    np.testing.assert_array_equal(plans.production[1::2], 0.0)
    for month in (1, 3, 5):
        np.testing.assert_array_equal(plans.force_production[month], plans.production[month - 1, 1])
