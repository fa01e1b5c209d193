"""Names of entries: read and written as TOML does, whatever a product is called."""

import tomllib

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dashboard import fields
from dashboard.case import Case, flat
from simulator.company.entries import assigned, dotted, keys, usual
from simulator.engine.scenario import load
from simulator.engine.settings import changed_policy, changed_scenario, stated_value
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError

BOLT = "12.5MM-BOLT"
ODD = (
    BOLT,
    "0.75KW",
    "a b",
    'the "best"',
    "O'Neil",
    "a=b",
    "巧克力",
    "x[0]",
    "a\\b",
    "'",
    "#1",
    "0",
    "-",
    "a,b",
    "a:b",
)

KEY = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(st.lists(KEY, min_size=1, max_size=6))
def test_what_is_written_is_read(path):
    """Any keys: ours and TOML's own reader take them apart alike."""
    name = dotted(*path)
    assert keys(name) == tuple(path)
    assert usual(name) == name
    found = tomllib.loads(f"{name} = 1")
    for key in path:
        found = found[key]
    assert found == 1


@given(st.lists(KEY, min_size=1, max_size=4), st.text(max_size=12))
def test_an_assignment_is_taken_apart(path, value):
    """An = in a name is none between name and value."""
    assert assigned(f"{dotted(*path)}={value}") == (dotted(*path), value)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    """No other exception, and what is read is spelt so that it is read alike."""
    try:
        path = keys(text)
    except ScenarioError:
        return
    assert keys(dotted(*path)) == path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ('products."12.5MM-BOLT".price', ("products", BOLT, "price")),
        ("products.'12.5MM-BOLT'.price", ("products", BOLT, "price")),
        ("demand.everyday[0].daily.mean", ("demand", "everyday", "0", "daily", "mean")),
        ("demand.everyday.0.daily.mean", ("demand", "everyday", "0", "daily", "mean")),
        (' products . "a" . price ', ("products", "a", "price")),
        ('a."\\u00e9\\n"', ("a", "é\n")),
    ],
)
def test_names_are_read_as_toml_reads_them(name, path):
    """Quotes of both kinds, blanks about dots; places of a list as sentences write them."""
    assert keys(name) == path


@pytest.mark.parametrize("name", ["", ".", "a..b", "a.", '"a', "a.'b", 'a."b"c', "a[0", "a[x]", "[0]", '"\\q"'])
def test_what_is_no_name_is_refused(name):
    """In one sentence that says how names are written."""
    with pytest.raises(ScenarioError, match=r"cannot be read; give keys with dots between them"):
        keys(name)


def company(name):
    """A company whose product, supplier, segment and policy are called so."""
    return {
        "products": {name: {"price": 40.0, "buy": {"supplier": name, "lead_time": {"law": "constant", "mean": 5}}}},
        "suppliers": {name: {}},
        "segments": {name: {"lead_time": 0}},
        "demand": {"everyday": [{"product": name, "segment": name, "daily": {"law": "constant", "mean": 7}}]},
        "experiment": {"months": 2, "policies": [name]},
        "policies": {
            name: {
                "supply_plan": "none",
                "products": {"rule": "min-max", "minimum": {name: 40}, "maximum": {name: 100}},
            }
        },
    }


@pytest.mark.parametrize("name", ODD)
def test_every_entry_is_reached_whatever_a_product_is_called(name):
    """By an override, by a study, in the editor; levels of a policy, too."""
    price, level = dotted("products", name, "price"), dotted("policy", "products", "minimum", name)
    assert load(company(name), {price: 50.0}).company.products[name].price == 50.0
    scenario = load(company(name))
    policy = scenario.policy(name)
    assert stated_value(scenario, policy, level).value == 40.0
    assert changed_policy(policy, {level: 30.0}, "f.toml").products.minimum == {name: 30.0}
    assert changed_scenario(scenario, {price: 60.0}).company.products[name].price == 60.0
    listed = {entry.path: entry for entry in fields.changeable_entries(scenario)}
    assert listed[price].value == 40.0
    assert listed[price].group == "products"
    assert listed[price].item == name
    assert listed[price].label == "price"
    assert dict(flat(company(name)))[price] == 40.0
    assert Case("trading").with_entry(price, 3).overrides() == {price: 3}


@pytest.fixture
def bolts(tmp_path, monkeypatch):
    """A folder with a company whose product has a dot in its name, and a study of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bolts.toml").write_text(BOLTS)
    (tmp_path / "study.toml").write_text(STUDY)


BOLTS = """
[products."12.5MM-BOLT"]
price = 40.0
unit_cost = 22.0
opening_stock = 100
buy = { supplier = "far-away", lead_time = { law = "constant", mean = 5 } }
[suppliers.far-away]
[segments.shops]
[[demand.everyday]]
product = "12.5MM-BOLT"
segment = "shops"
daily = { law = "constant", mean = 7 }
[experiment]
months = 2
policies = ["mm"]
[policies.mm]
supply_plan = "none"
products = { rule = "min-max", minimum = { "12.5MM-BOLT" = 40 }, maximum = { "12.5MM-BOLT" = 100 } }
"""

STUDY = """
scenario = "bolts.toml"
policies = ["mm"]
replications = 2
measures = ["fill_rate"]
[[factors]]
entry = 'products."12.5MM-BOLT".opening_stock'
values = [100, 200]
[[factors]]
entry = "policy.products.minimum.'12.5MM-BOLT'"
values = [20, 40]
"""


def sop(*words):
    """Run a command."""
    return CliRunner().invoke(main, words)


@pytest.mark.usefixtures("bolts")
def test_commands_reach_a_product_with_a_dot():
    """--set, a study's factors with their names in the results, optimise."""
    done = sop("run", "bolts.toml", "--set", 'products."12.5MM-BOLT".price=50', "--json")
    assert done.exit_code == 0, done.stderr
    swept = sop("sweep", "study.toml", "--out", "out", "--workers", "1", "--yes")
    assert swept.exit_code == 0, swept.stderr
    told = sop("results", "out", "--csv").stdout.splitlines()
    assert told[0].startswith(
        'scenario,point,policy,"products.""12.5MM-BOLT"".opening_stock","policy.products.minimum.""12.5MM-BOLT""",'
    )
    assert len(told) == 1 + 4
    best = sop(
        "optimise", "bolts.toml", "--policy", "mm", "--service", "0.5", "--replications", "5", "--workers", "1",
        "--factor", 'policy.products.minimum."12.5MM-BOLT"=20:80',
    )  # fmt: skip
    assert best.exit_code == 0, best.stderr
    assert 'policy.products.minimum."12.5MM-BOLT" = ' in best.stdout


@pytest.mark.usefixtures("bolts")
@pytest.mark.parametrize(
    "words",
    [
        ("run", "bolts.toml", "--set", "products.12.5MM-BOLT.price=50"),
        ("optimise", "bolts.toml", "--policy", "mm", "--service", "0.5", "--factor", "products.12.5MM-BOLT.price=1:2"),
    ],
    ids=["set", "factor"],
)
def test_a_name_without_its_quotes_is_put_right(words):
    """What is proposed is what can be typed."""
    said = sop(*words)
    assert said.exit_code == 2
    assert 'did you mean products."12.5MM-BOLT".price?' in said.stderr
