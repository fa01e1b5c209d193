"""People by hand: who comes and goes when, what new people give, shifts, set-ups, failures; in a workshop without noise."""

import numpy as np
import pytest

from simulator.engine.scenario import preset
from simulator.kernel.units import ScenarioError
from simulator.planning.capacity import RoughCut
from tests.sop.workshop import EVEN, bought, changed, cups, luck, played, policy, stream

PEOPLE = {"heads": 4, "hours": 0.5, "hire_days": 40, "notice_days": 20}
FOLLOW = {"rule": "follow-plan", "months": 1, "band": 0.0, "load": 1.0}
RISING = (*(0.5,) * 2, *(1.1,) * 10)


def workshop(season=EVEN, hours=4.0, months=6, people=None, **resource):
    """Cups on a wheel, ten a day and a tenth of an hour each, turned by people of half an hour a day."""
    wheel = {"hours": hours, "people": PEOPLE | (people or {}), **resource}
    return cups(season=season, opening=100.0, months=months, resources={"wheel": wheel})


def memo(books, name):
    """What was counted of the wheel in the first replication, by day."""
    return books.memos[name][:, 0, 0]


def test_who_is_not_needed_leaves_after_notice():
    """An hour a day takes two of the four: two are told on the first day, and leave on day 20."""
    books = played(workshop(), policy(workforce=FOLLOW))
    np.testing.assert_array_equal(memo(books, "heads")[[0, 19, 20, 100]], [4, 4, 2, 2])
    assert memo(books, "dismissed")[20] == 2 == memo(books, "dismissed").sum()
    np.testing.assert_allclose(memo(books, "paid_hours")[[19, 20]], [2.0, 1.0])


def test_nobody_goes_below_the_least_or_inside_the_band():
    """Three always stay; with a band of half the hours there are and a little, nobody moves."""
    assert memo(played(workshop(people={"least": 3}), policy(workforce=FOLLOW)), "heads").min() == 3
    books = played(workshop(), policy(workforce=FOLLOW | {"band": 0.51}))
    assert (memo(books, "heads") == 4).all()


def test_new_people_start_after_the_hiring_time_and_learn():
    """Two give an hour; 1.1 hours from March on ask for a third: decided in February, since of January's hires half of February
    would be idle; there 40 days later with half the speed, and after 20 days as fast as the others."""
    ramp = {"ramp_days": 20, "starting_productivity": 0.5}
    books = played(workshop(RISING, people={"heads": 2} | ramp), policy(workforce=FOLLOW))
    hired = np.flatnonzero(memo(books, "hired"))
    assert hired.tolist() == [31 + 40]
    assert memo(books, "hired")[71] == 1
    np.testing.assert_allclose(memo(books, "hours_there")[[70, 71, 81, 91]], [1.0, 1.25, 1.375, 1.5])
    np.testing.assert_allclose(memo(books, "paid_hours")[[70, 71]], [1.0, 1.5])


def test_there_are_no_more_people_than_there_is_work_for():
    """The machines take 1.2 hours a day: two people, and a third for a part of the day; `most` says two."""
    tight = workshop((2.0,) * 12, hours=1.2, people={"heads": 2})
    assert memo(played(tight, policy(workforce=FOLLOW)), "heads").max() == 3
    assert memo(played(tight, policy(workforce=FOLLOW)), "hours_there").max() == pytest.approx(1.2)
    most = workshop((2.0,) * 12, hours=1.2, people={"heads": 2, "most": 2})
    assert memo(played(most, policy(workforce=FOLLOW)), "heads").max() == 2


@pytest.mark.parametrize("how", [{}, {"supply_plan": "none", "products": "kanban"}], ids=["cycle", "no cycle"])
def test_who_leaves_is_replaced(how):
    """Fixed people: one of four leaves when luck says so, another starts after the hiring time, with or without meetings."""
    company = workshop(people={"attrition": 0.5, "hire_days": 10})
    weather = luck(company)
    weather.resignations[:] = 0.0  # 4 x .5 / 12 is less than one
    weather.resignations[2, 0, 1] = 0.9
    books = played(company, policy(**how), weather)
    first = int(company.days.month_start[2])
    heads = books.memos["heads"][:, 0]
    assert (heads[:, 0] == 4).all()
    np.testing.assert_array_equal(heads[[first - 1, first, first + 9, first + 10, -1], 1], [4, 3, 3, 4, 4])
    assert books.memos["resigned"][:, 0].sum(axis=0).tolist() == [0, 1, 0]


def test_a_level_workforce_does_not_follow_the_season():
    """Whether the season rises or falls, the mean of the year is what people give."""
    level = {"rule": "level", "band": 0.0, "load": 1.0}
    company = workshop((0.6,) * 6 + (1.4,) * 6, months=8, people={"hours": 0.55})
    heads, follow = (memo(played(company, policy(workforce=rule)), "heads") for rule in (level, FOLLOW))
    assert heads[20:].min() == heads[20:].max() == 2
    assert follow[20] == 2
    assert follow[-1] == 3


def test_a_second_shift_opens_when_one_is_not_enough():
    """One shift takes an hour a day; at 1.1 hours a second one opens after its notice, with a third head."""
    shifts = {"now": 1, "most": 2, "notice_days": 15}
    people = {"heads": 2, "hire_days": 10}
    books = played(workshop(RISING, hours=1.0, people=people, shifts=shifts), policy(workforce=FOLLOW))
    there, late = memo(books, "hours_there"), memo(books, "shift_hours")
    assert there[0] == 1.0
    assert late[0] == 0.0
    assert there.max() == pytest.approx(1.5)
    np.testing.assert_allclose(late[there > 1.4], memo(books, "paid_hours")[there > 1.4] / 2)


def test_overtime_is_a_share_of_the_people_who_are_there():
    """What was authorised for four people, two cannot work."""
    company = workshop((2.0,) * 12, people={"heads": 2}, overtime=0.2)
    books = played(company, policy(capacity="rccp"))
    assert books.hours_used.max() == pytest.approx(1.0 * 1.2)
    assert books.plans.overtime.max() == pytest.approx(0.2)


# --- set-ups and failures ---


def two_on_a_wheel(setups):
    """Cups and bowls, of two families, on the same wheel; bowls' clay comes now and then."""
    bowl = {"family": "bowls", "price": 5.0, "unit_cost": 2.0, "make": {"hours": {"wheel": 0.1}, "bill": {"clay": 1.0}}}
    cup = {"family": "cups", "price": 5.0, "unit_cost": 2.0, "make": {"hours": {"wheel": 0.1}}}
    return cups(
        hours=2.0,
        products={"cup": cup, "bowl": bowl},
        components={"clay": {"unit_cost": 1.0, "opening_stock": 200.0, "buy": bought(30)}},
        suppliers={"near": {}},
        resources={"wheel": {"hours": 2.0, "setups": setups}},
        demand={"everyday": [stream("cup", 5), stream("bowl", 5)]},
    )


def test_a_family_that_did_not_run_the_day_before_is_set_up():
    """Each family that starts after a day without costs its hours, once, and they are hours used."""
    rules = {"products": {"rule": "reorder-point", "point": {"cup": 9.0, "bowl": 9.0, "clay": 0.0}}}
    rules["products"]["lot"] = {"cup": 15.0, "bowl": 10.0, "clay": 300.0}
    books = played(two_on_a_wheel({"cups": 0.3, "bowls": 0.5}), policy(**rules, components=rules["products"]))
    starts = books.flows["released"][:, :2, 0] > 1e-9
    fresh = starts & ~np.concatenate([[[False, False]], starts[:-1]])
    assert 10 < fresh.sum() < starts.sum() - 5
    np.testing.assert_array_equal(memo(books, "setups"), fresh.sum(axis=1))
    np.testing.assert_allclose(memo(books, "setup_hours"), fresh @ [0.3, 0.5])
    worked = books.flows["released"][:, :2, 0].sum(axis=1) * 0.1
    np.testing.assert_allclose(books.hours_used[:, 0, 0], worked + fresh @ [0.3, 0.5], atol=1e-9)


def test_a_family_without_parts_is_not_set_up():
    """Without clay no bowl starts, and nobody sets up for one."""
    company = changed(two_on_a_wheel({"bowls": 0.5}), **{"components.clay.opening_stock": 0.0})
    company = changed(company, **{"components.clay.buy.lead_time.mean": 300.0})
    books = played(company, policy())
    assert books.memos["setups"].sum() == 0


def test_what_a_failure_takes_is_not_there():
    """Uptime of the day times the hours; what planners count on is the share of the long run."""
    failures = {"time_to_failure": 9.0, "repair": {"law": "constant", "mean": 3.0}}
    company = cups(hours=2.0, resources={"wheel": {"hours": 2.0, "failures": failures}})
    weather, log = luck(company), []

    class Seen(RoughCut):
        """A capacity check that keeps the hours it was shown."""

        def __call__(self, view):
            log.append(np.array(view.hours_ahead))
            return super().__call__(view)

    books = played(company, policy().model_copy(update={"capacity": Seen()}), weather)
    np.testing.assert_allclose(books.memos["hours_there"], 2.0 * weather.uptime)
    assert 0 <= weather.uptime.min() < 0.5 < weather.uptime.mean() < 1
    np.testing.assert_allclose(log[0], 1.5)


# --- in the meetings ---


def test_hiring_is_an_option_and_is_taken_where_it_pays():
    """Twice the hours are asked for: within regular hours half is owed, so that people are hired, and the plan counts on them."""
    people = {"heads": 2, "hire_cost": 10.0, "wage": 1.0}
    books = played(workshop((2.0,) * 12, people=people), policy(workforce=FOLLOW, capacity="rccp"))
    first = books.plans.made_in[0]
    assert tuple(map(str, books.plans.options[first])) == (
        "regular hours, pulled ahead",
        "people hired, overtime until they are there",
    )
    assert (books.plans.chosen[first] == 1).all()
    np.testing.assert_array_equal(books.plans.tables["people hired"][first, 0], memo(books, "hired")[:60].sum())
    assert books.plans.production[first, 4:, 0].min() > 500  # two people make 300 a month
    dear = workshop((2.0,) * 12, people=people | {"hire_cost": 1e6})
    books = played(dear, policy(workforce=FOLLOW, capacity="rccp"))
    assert (books.plans.chosen[first] == 0).all()
    assert memo(books, "hired").sum() == 0


def test_the_cheapest_plan_hires_for_the_season_and_not_for_a_wave():
    """The linear program weighs hiring against building ahead: with dear hiring stock carries the peak, with cheap hiring people do."""
    season = (0.6,) * 8 + (1.8,) * 4
    how = policy(supply_plan="cost-optimal", workforce="follow-plan", capacity="rccp")
    people = {"heads": 2, "wage": 3.0, "most": 6}
    cheap, dear = (
        played(workshop(season, months=12, people={**people, "hire_cost": c, "dismiss_cost": c}), how)
        for c in (1.0, 500.0)
    )
    assert memo(cheap, "hired").sum() > memo(dear, "hired").sum()
    assert memo(cheap, "heads").max() > memo(cheap, "heads").min() + 1
    assert dear.closing["on_hand"][:, 0].max() > cheap.closing["on_hand"][:, 0].max()


def test_the_linear_rule_hires_for_the_level_it_chooses():
    """The level of the rule, in hours, is what people are wanted for."""
    how = policy(supply_plan="linear-decision-rule", workforce="follow-plan")
    company = workshop(RISING, months=8, people={"heads": 2, "hire_cost": 20.0, "dismiss_cost": 20.0})
    books = played(company, how)
    wanted = books.plans.tables["hours wanted of people"]
    assert wanted[0, 5, 0, 0] == pytest.approx(1.1, rel=0.05)
    assert memo(books, "heads")[-1] == 3
    assert "hours wanted of people" not in played(company, policy(supply_plan="linear-decision-rule")).plans.tables


def test_presets_choose_people_as_they_plan():
    """S&OP and chase follow the plan, level keeps the year's mean, silos leave people as they are."""
    rules = {name: preset(name).workforce.name for name in ("siloed", "pull", "sop", "chase", "level", "sop-smoothed")}
    assert list(rules.values()) == ["fixed", "fixed", "follow-plan", "follow-plan", "level", "level"]


# --- bad input ---


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        ("people.heads", 0, r"people\.heads is 0 and least is 1; there must be at least as many people as always stay"),
        ("people.most", 2, r"people\.heads is 4 and most is 2; there cannot be more people than there is work for"),
        ("people.hours", 0.0, r"people\.hours is 0.0 hours/working day; it must be above 0 and at most 24"),
        ("shifts", {"now": 3}, r"shifts\.now is 3 and most is 2; more shifts are worked than can be"),
        ("setups", {"cusp": 1.0}, r"resources\.wheel\.setups names 'cusp', which is not a family; did you mean cups\?"),
        ("setups", {"cups": 9.0}, r"setups\.cups is 9 hours; it must be at least 0 and at most the 4 of a day"),
        (
            "failures",
            {"time_to_failure": 3.0, "repair": {"law": "constant", "mean": 0.0}},
            r"resources\.wheel\.failures\.repair has a mean of 0 hours; it must be above 0, or leave failures out",
        ),
    ],
)
def test_people_that_cannot_be_are_refused(entry, value, words):
    """One sentence names entry, value and what is allowed."""
    with pytest.raises(ScenarioError, match=words):
        changed(workshop(), **{f"resources.wheel.{entry}": value})


def test_people_cannot_follow_a_plan_that_is_not_made():
    """Without a supply plan there is nothing to hire for."""
    with pytest.raises(
        ScenarioError, match=r"workforce is 'follow-plan'.* supply_plan is 'none'; take workforce fixed"
    ):
        policy(supply_plan="none", workforce="follow-plan")
