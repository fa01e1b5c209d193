"""A scenario in words: what company it is, what deserves a look, and what a file may hold."""

import numpy as np

from simulator import load
from simulator.company.problems import is_record, members
from simulator.engine.expected import expected_units, planned_load
from simulator.faces.describe import dictionaries, dictionary, in_short, profile, rule_dictionaries, sections
from simulator.kernel.units import Record
from simulator.planning import Policy
from simulator.planning.rules import Rule
from simulator.results.cautions import cautions

STEADY = {"law": "constant", "mean": 10}


def words(**changes):
    """A bakery: bread is made of dough, dough of flour, rolls are bought."""
    stream = {"segment": "shops", "daily": STEADY}
    company = {
        "name": "bakery",
        "company": {"note": "bakes bread", "currency": "CHF"},
        "calendar": {"start": "2024-01-01", "working_days": ["mon", "tue", "wed", "thu", "fri"]},
        "products": {
            "bread": {
                "family": "oven",
                "price": 4,
                "unit_cost": 2,
                "opening_stock": 50,
                "make": {"bill": {"dough": 2}, "hours": {"oven": 0.05}, "good": 0.8},
            },
            "rolls": {"family": "shelf", "opening_stock": 50, "buy": {"supplier": "mill", "lead_time": STEADY}},
        },
        "components": {
            "dough": {"opening_stock": 50, "make": {"bill": {"flour": 0.5}, "hours": {"mixer": 0.01}}},
            "flour": {"opening_stock": 50, "buy": {"supplier": "mill", "lead_time": {**STEADY, "mean": 4}}},
        },
        "resources": {"oven": {"hours": 1}, "mixer": {"hours": 1, "availability": 0.5}},
        "suppliers": {"mill": {"country": "France"}},
        "channels": {"van": {"transport_cost": 0.075, "selling_cost": 0.1, "transport_days": 2}},
        "segments": {
            "shops": {"rank": 2, "lead_time": 1},
            "hotels": {"rank": 1, "lead_time": 2, "patience": 3, "channel": "van", "payment_days": 30},
        },
        "demand": {"everyday": [{**stream, "product": "bread"}, {**stream, "product": "rolls"}]},
        "experiment": {"months": 12, "warm_up": 2, "replications": 5, "policies": ["chase"]},
    }
    return {**company, **changes}


def test_a_profile_says_what_company_it_is():
    """Who they are, what they sell and to whom, plant, suppliers, money, and how all this is simulated."""
    told = "\n".join(profile(load(words())))
    for line in (
        "bakery: bakes bread.",
        "Products: 2 in 2 families; 1 made, 1 bought.",
        "oven: 1 product at 4.00 each; 100 % of turnover, gross margin 50 %.",
        "shelf: 1 product at 0.00 each; no turnover.",
        "Demand: 2 everyday streams; 5,240 units a year expected (oven 50 %, shelf 50 %).",
        "hotels: 0 % of turnover, rank 1, due 2 days after the order, gives up after 3 days when short; pays after 30 days",
        "shops: 100 % of turnover, rank 2, due 1 day after the order, waits for ever when short; pays at once, "
        "deducts 0.5 % of the price for each day of delay.",
        "Channel van, to hotels: transport 7.5 % and selling 10 % of the price, 2 days on the way.",
        "Components: 2, 1 made, 1 bought; semi-finished: dough.",
        "Bill of materials: 3 levels, from components to products.",
        "Resource oven: 1 hours a working day at 20.00 CHF each; expected demand loads it to 62 % on average, 62 % in 2024-01.",
        "Supplier mill (France): rolls, flour; 4 to 10 days from order to stock on average, paid on delivery.",
        "Calendar: from 2024-01-01, worked mon, tue, wed, thu, fri: 262 working days.",
        "Experiment: 12 months, the first 2 not scored, 24 months of demand known before; 5 replications of chase, seed 1.",
    ):
        assert line in told
    assert told.index("hotels: ") < told.index("shops: ")


def test_a_profile_tells_the_expected_year_in_money():
    """Ten loaves on 262 days at 4, of a standard cost of 2; two hours a day at 20 cost as much as all loaves bring."""
    found = sections(load(words(finance={"opening_cash": 500.0, "credit_line": 900.0, "overdraft_rate": 0.075})))
    assert found["Money"] == [
        "Turnover: 10,459 CHF a year expected on average, if all that is wanted is sold.",
        "Of it: goods at standard cost 50 %, hours that the standard cost does not cover 50 %; "
        "0 % is left before interest and tax, -20 CHF.",
        "Wages: 10,459 CHF a year, worked or idle; the standard cost of what is made holds 50 % of that.",
        "Working capital: 100 in stock on the first day; together 100 CHF, 3 days of turnover.",
        "Cash: 500 CHF on the first morning; the bank lends up to 900 at 7.5 % a year.",
    ]


def test_a_heading_without_a_sentence_is_left_out():
    """A trader has no plant; a sound company gives no cause to look twice."""
    found = sections(load("trading"))
    assert "Plant" not in found
    assert "Look at" not in found
    assert "Plant" in sections(load(words()))


def test_in_short_counts():
    """One line for a list of files."""
    expected = "2 products, 2 components, 2 resources, 1 supplier, 2 segments, 2 demand streams; 12 months"
    assert in_short(load(words())) == expected


def test_expected_demand_follows_trend_season_and_working_days():
    """The mean of a stream, month by month."""
    season = [2.0, *(1.0,) * 10, 0.0]
    stream = {"product": "bread", "segment": "shops", "daily": STEADY, "pattern": {"season": season, "trend": 1.0}}
    months = expected_units(load(words(demand={"everyday": [stream]})))[:, 0]
    np.testing.assert_allclose(months[[0, 10, 11]], [2 * 10 * 23, 10 * 21 * 2 ** (10 / 12), 0])


def test_expected_demand_counts_contracts_frames_and_won_projects():
    """A year of each stream, in the months in which it falls due."""
    common = {"product": "rolls", "segment": "shops", "size": {"law": "constant", "mean": 12}}
    lead = {"lead_time": {"law": "constant", "mean": 30}}
    demand = {
        "contracts": [{**common, **lead, "per_month": 2}],
        "frames": [{**common, "per_year": 6, "call_offs": 3}],
        "projects": [{**common, **lead, "per_month": 1, "win_low": 0.2, "win_high": 0.4}],
    }
    units = expected_units(load(words(demand=demand)))[:, 1]
    np.testing.assert_allclose(units, 2 * 12 + 6 / 12 * 12 + 12 * 0.3)
    seasonal = {**common, **lead, "per_month": 1, "pattern": {"season": [12.0, *(0.0,) * 11]}}
    assert np.argmax(expected_units(load(words(demand={"contracts": [seasonal]})))[:, 1]) == 1  # a month after January


def test_planned_load_explodes_bills_and_yields():
    """Bread needs 10 a day / .8 starts; each start takes .05 oven hours and 2 doughs of .01 mixer hours."""
    load_by_month = planned_load(load(words()))
    np.testing.assert_allclose(load_by_month[0], 10 / 0.8 * 0.05 / 1.0)
    np.testing.assert_allclose(load_by_month[1], 10 / 0.8 * 2 * 0.01 / 0.5)


def test_a_sound_company_needs_no_caution():
    """Nothing is said where nothing is odd."""
    assert cautions(load(words())) == []


def test_cautions_name_what_deserves_a_look():
    """What is allowed and yet hardly meant."""
    odd = words()
    odd["components"]["salt"] = {"buy": {"supplier": "mill", "lead_time": STEADY}}
    odd["resources"]["slicer"] = {"hours": 1}
    odd["products"]["cake"] = {"price": 1, "unit_cost": 2, "buy": {"supplier": "mill", "lead_time": STEADY}}
    odd["resources"]["oven"]["hours"] = 0.5
    odd["components"]["flour"]["opening_stock"] = 0
    assert cautions(load(odd)) == [
        "salt goes into nothing.",
        "slicer makes nothing.",
        "cake is wanted by nobody.",
        "oven cannot keep up: expected demand needs 125 % of its hours.",
        "Opening stock of cake, salt is left out: each policy begins with the stock, work in process and orders on the way "
        "that it holds after 6 months before the first day; state 0 for empty shelves.",
        "No opening stock of flour (flour takes 4 days to come), not scored before month 3.",
        "Price below standard cost: cake.",
    ]


def test_the_dictionary_knows_every_entry_with_unit_bounds_and_default():
    """From the one declaration of each."""
    entries = {e.entry: e for entries in dictionaries().values() for e in entries}
    price = entries["products.<name>.price"]
    assert (price.unit, price.allowed, price.default) == ("money/unit", "a number, at least 0", "0.0")
    assert entries["products.<name>.buy.supplier"].default == "required"
    assert entries["demand.everyday[].pattern.season"].allowed == "a list of numbers with 12 entries"
    assert entries["experiment.months"].allowed == "a whole number, from 1 to 240"
    assert entries["company.currency"].default == "'EUR'"
    assert 'law = "lognormal"' in entries


def test_every_entry_says_what_it_means():
    """An entry without a meaning or type is no entry."""
    for entries in (*dictionaries().values(), *rule_dictionaries().values()):
        for entry in entries:
            assert entry.meaning, entry
            assert entry.allowed or " = " in entry.entry, entry


def test_the_dictionary_reaches_every_record():
    """No table of the file is left out: every record that another holds has its entries listed."""

    def held(kind):
        for field in kind.model_fields.values():
            for option in members(field.annotation):
                inner = [option, *getattr(option, "__args__", ())]
                yield from (part for part in inner if is_record(part) and not issubclass(part, Rule))

    def fields(kind):
        return set(kind.model_fields) | {name for inner in held(kind) for name in fields(inner)}

    from simulator.company import Company

    listed = {e.entry.strip().split(".")[-1].removesuffix("[]") for e in dictionary(Company)}
    listed |= {e.entry.strip() for e in dictionaries()["Laws of chance"]} | {"law"}
    listed |= {e.entry.split(".")[-2] for e in dictionary(Company) if e.entry.endswith("<name>")}
    assert fields(Company) <= listed


def test_every_rule_of_every_kind_is_listed():
    """A new rule appears by itself."""
    listed = rule_dictionaries()
    for right in Rule.__subclasses__():
        names = [e.entry for e in listed[right.kind.capitalize()] if e.entry.startswith("rule")]
        assert names == [f'rule = "{name}"' for name in right.known]
    assert {"Forecast", "Supply plan", "Replenishment", "Usage"} <= listed.keys()


def test_a_policy_is_described_by_its_decision_rights():
    """Each names the rules that it may be given to."""
    forecast = {e.entry: e for e in dictionary(Policy)}["forecast"]
    assert forecast.allowed.startswith("naive, moving-average,")
    assert forecast.default == "moving-average"


def test_a_record_of_ones_own_is_described_too():
    """The dictionary knows records, not a list of them."""

    class Truck(Record):
        """Carries goods."""

        wheels: int = 4

    (entry,) = dictionary(Truck, "truck")
    assert (entry.entry, entry.allowed, entry.default) == ("truck.wheels", "a whole number", "4")


def test_the_reference_company_is_described():
    """Its real demand, its bottleneck, and what was done to its data."""
    told = "\n".join(profile(load("giftware")))
    assert "Products: 17 in 5 families" in told
    assert "Resource packing" in told
    assert "Data: " in told
