"""A wrong entry is told in one sentence: path, value, unit, what is allowed."""

import math

import pytest
from pydantic import ValidationError

from simulator.company import Company
from simulator.company.problems import problem_sentence
from simulator.engine.scenario import Experiment
from simulator.engine.validation import validated
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy

BUY = {"supplier": "mill", "lead_time": {"law": "constant", "mean": 3}}
STREAM = {"product": "choc", "segment": "customers", "daily": {"law": "poisson", "mean": 4}}


def company(**changes):
    """Words of a company that is right but for the changes."""
    return {"name": "x", "products": {"choc": {"buy": BUY}}, "suppliers": {"mill": {}}, **changes}


def product(**entries):
    """Words of a company whose one product has these entries."""
    return company(products={"choc": {"buy": BUY, **entries}})


def bought(**entries):
    """Words of a company whose one product is bought like this."""
    return company(products={"choc": {"buy": {**BUY, **entries}}})


def wanted(**entries):
    """Words of a company with one stream of demand."""
    return company(demand={"everyday": [{**STREAM, **entries}]})


def made(**entries):
    """Words of a company that makes its one product."""
    return company(products={"choc": {"make": entries}})


COMPANY = [
    (product(price=-3), "products.choc.price is -3 EUR/unit; it must be at least 0"),
    (product(price=math.inf), "products.choc.price is inf EUR/unit; it must be a finite number, at least 0"),
    (product(price=math.nan), "products.choc.price is nan EUR/unit; it must be a finite number, at least 0"),
    (product(price="three"), "products.choc.price is 'three'; it must be a number, at least 0 (EUR/unit)"),
    (product(price=True), "products.choc.price is true; it must be a number, at least 0 (EUR/unit)"),
    (product(price=[1]), "products.choc.price is [1]; it must be a number, at least 0 (EUR/unit)"),
    (product(prise=3), "products.choc.prise is 3, but there is no such entry; did you mean price or phase_out?"),
    (company(products={"choc": {}}), "products.choc: it needs exactly one of the tables make and buy"),
    (company(products={"choc": 3}), "products.choc is 3; it must be a table"),
    (company(products={}), "products has 0 entries; it must have at least 1 entry"),
    ({"name": "x"}, "products is missing; give a table with at least 1 entry: what customers buy"),
    (made(good=1.5), "products.choc.make.good is 1.5 (share); it must be above 0 and at most 1"),
    (made(lead_time=0), "products.choc.make.lead_time is 0 days; it must be from 1 to 365"),
    (made(lead_time=1.5), "products.choc.make.lead_time is 1.5; it must be a whole number, from 1 to 365 (days)"),
    (made(bill={"sugar": "x"}), "products.choc.make.bill.sugar is 'x'; it must be a number (units/unit)"),
    (made(bill={"sugar": 1}), "products.choc.make.bill names 'sugar', which is not an item; known: choc"),
    (made(bill={"sugar": 0}), "products.choc.make.bill.sugar is 0.0; it must be above 0"),
    (bought(lead_time=5), 'lead_time is 5; it must be a table such as {law = "constant", mean = 5} (days)'),
    (bought(lead_time={"mean": 5}), "products.choc.buy.lead_time.law is missing; it must be constant, normal, gamma"),
    (bought(lead_time={"law": "gama", "mean": 5}), "products.choc.buy.lead_time.law is 'gama'; it must be constant"),
    (bought(lead_time={"law": "constant", "mean": -5}), "products.choc.buy.lead_time.mean is -5 days; it must be at"),
    (wanted(daily={"law": "poisson", "mean": 0}), "demand.everyday[0].daily.mean is 0 units/day; it must be above 0"),
    (wanted(pattern={"season": [1, 2]}), "demand.everyday[0].pattern.season has 2 entries; it must have 12 entries"),
    (wanted(product="chok"), "demand.everyday[0].product names 'chok', which is not a product; did you mean choc?"),
    (company(demand={"everyday": STREAM}), "demand.everyday is {"),
    (
        company(demand={"history": {"file": "x", "mode": "reply"}}),
        "demand.history.mode is 'reply'; it must be fitted or replay; did you mean replay?",
    ),
    (company(calendar={"start": "2024-13-01"}), "calendar.start is '2024-13-01'; it must be a date such as 2024-01-31"),
    (company(calendar={"start": 5}), "calendar.start is 5; it must be a date such as 2024-01-31"),
    (company(calendar={"holidays": ["x"]}), "calendar.holidays[0] is 'x'; it must be a date such as 2024-01-31"),
    (company(currency="EU"), "company.currency is 'EU'; it must have 3 characters"),
    (company(whole_units="yes"), "company.whole_units is 'yes'; it must be true or false"),
    (company(experimant={"seed": 3}), 'experimant is {"seed": 3}, but there is no such entry; did you mean experiment'),
    (company(products={"a b.c": {"buy": BUY, "price": -1}}, demand={}), 'products."a b.c".price is -1 EUR/unit; it'),
    (product(note="x", family=7), "products.choc.family is 7; it must be text"),
]


@pytest.mark.parametrize(("words", "told"), COMPANY, ids=[told[:60] for _, told in COMPANY])
def test_a_wrong_entry_of_a_company_is_told(words, told):
    """Each kind of mistake has its sentence."""
    said = mistake(Company, words)
    assert said.startswith("f.toml: ")
    assert told in said
    assert "\n" not in said


EXPERIMENT = [
    ({"seed": -1}, "experiment.seed is -1; it must be from 0 to 9,223,372,036,854,775,807"),
    ({"policies": "chase"}, "experiment.policies is 'chase'; it must be a list of texts"),
    ({"policies": ["a", 3]}, "experiment.policies[1] is 3; it must be text"),
    ({"months": 3, "warm_up": 3}, "experiment.warm_up is 3 months and months is 3; the warm-up must be shorter"),
    ({"replications": 10**9}, "experiment.replications is 1000000000 runs; it must be from 1 to 1,000,000"),
    (3, "experiment is 3; it must be a table"),
]


@pytest.mark.parametrize(("words", "told"), EXPERIMENT, ids=[told[:60] for _, told in EXPERIMENT])
def test_a_record_that_is_an_entry_itself_is_named(words, told):
    """The path begins with the table that the record is."""
    assert mistake(Experiment, words, "experiment").startswith(f"f.toml: {told}")


POLICY = [
    ({"forecast": {"rule": "holt", "level": -1}}, "forecast.level is -1 (share); it must be above 0 and at most 1"),
    (
        {"forecast": {"rule": "holt", "lewel": 1}},
        "forecast.lewel is 1, but there is no such entry; did you mean level?",
    ),
    ({"forecast": "hol"}, "forecast.rule is 'hol', which is no forecast rule; did you mean holt or holt-winters?"),
    ({"forecast": 3}, 'forecast is 3; it must be a rule, such as {rule = "naive"}'),
    ({"forecast": {"level": 3}}, "forecast.rule must name a forecast rule: naive,"),
    ({"products": {"rule": "min-max", "minimum": {}}}, "products.minimum has 0 entries; it must have at least 1 entry"),
    (
        {"products": {"rule": "order-up-to", "level": {"choc": "x"}}},
        "products.level.choc is 'x'; it must be a number (units)",
    ),
    (
        {"products": {"rule": "order-up-to", "usage": {"rule": "smoothed", "alpha": 5}}},
        "products.usage.alpha is 5 (share); it must be above 0 and at most 1",
    ),
    (
        {"products": {"rule": "order-up-to", "usage": "smothed"}},
        "products.usage.rule is 'smothed', which is no usage rule; did you mean smoothed?",
    ),
]


@pytest.mark.parametrize(("words", "told"), POLICY, ids=[told[:60] for _, told in POLICY])
def test_a_wrong_setting_of_a_rule_is_told_like_any_other(words, told):
    """Rules are chosen while a policy is read; what is wrong in one is still found by path, with unit and bound."""
    assert mistake(Policy, {"name": "x", **words}, "policies.mine").startswith(f"f.toml: policies.mine.{told}")


def test_every_problem_of_a_file_has_its_line():
    """Whoever mends a file sees all of it, unless it is a great deal."""
    said = mistake(Company, product(price=-1, prise=2, opening_stock="x", family=1, a=1, b=2, c=3)).splitlines()
    assert len(said) == 6
    assert all(line.startswith("f.toml: products.choc.") for line in said[:5])
    assert said[5] == "f.toml: 2 more entries are wrong"


@pytest.mark.parametrize(("said", "told"), [("GBP", "GBP/unit"), ("EU", "money/unit"), (3, "money/unit")])
def test_what_is_measured_in_money_is_told_in_the_company_s_own(said, told):
    """No placeholder stands where the company says in what it reckons."""
    assert f"products.choc.price is -3 {told}; it must be at least 0" in mistake(
        Company, {**product(price=-3), "currency": said}
    )


@pytest.mark.parametrize(
    ("kind", "words", "entry"),
    [
        (Company, product(price=1e308), "products.choc.price is 1e+308"),
        (Company, product(opening_stock=10**30), "products.choc.opening_stock is 1"),
        (
            Company,
            bought(minimum_order=1e16),
            "products.choc.buy.minimum_order is 1e+16",
        ),
        (
            Policy,
            {"name": "x", "products": {"rule": "min-max", "minimum": {"choc": 1}, "maximum": {"choc": 2e15}}},
            "products.maximum.choc is 2",
        ),
    ],
)
def test_no_number_is_beyond_what_can_be_reckoned_with(kind, words, entry):
    """Two such numbers multiplied run over, and every figure that follows is none."""
    said = mistake(kind, words)
    assert said.startswith(f"f.toml: {entry}")
    assert said.endswith("; it must be at most 1,000,000,000,000,000")


def test_a_long_value_is_cut():
    """A sentence stays one that can be read."""
    said = mistake(Company, product(price=list(range(1000))))
    assert "[0, 1, 2," in said
    assert len(said) < 160


def test_words_that_lie_too_deep_are_refused():
    """Neither the reader nor the validator is brought to its knees."""
    deep = 3
    for _ in range(400):
        deep = [deep]
    assert mistake(Company, product(price=deep)).endswith("lie too deep; a scenario needs no more than ten levels")


def test_an_unforeseen_problem_still_names_entry_value_and_what_is_allowed():
    """Whatever pydantic may think of."""
    with pytest.raises(ValidationError) as caught:
        Company.model_validate_json('{"name": "x", "products": {"choc": {"price": -1}}}')
    problem = {**caught.value.errors()[0], "type": "something_new"}
    assert (
        str(problem_sentence(problem, Company, ""))
        == "products.choc.price is -1; it must be a number, at least 0 (money/unit)"
    )


def mistake(kind, words, where=""):
    """What is said of wrong words."""
    with pytest.raises(ScenarioError) as caught:
        validated(kind, words, "f.toml", where)
    return str(caught.value)
