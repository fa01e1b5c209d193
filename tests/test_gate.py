"""The way in: whatever a file holds or an argument says, it is taken or refused in one sentence, and soon."""

import os
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner

from benchmarks import fuzz
from simulator.company import gate
from simulator.company.order_file import read_order_file
from simulator.engine.scenario import load
from simulator.faces.cli import main
from simulator.kernel.units import ScenarioError

GOOD = """
[products.choc]
price = 3.0
opening_stock = 50
[products.choc.buy]
supplier = "mill"
lead_time = { law = "constant", mean = 5 }
[suppliers.mill]
[[demand.everyday]]
product = "choc"
segment = "customers"
daily = { law = "poisson", mean = 4 }
[experiment]
months = 2
replications = 2
policies = ["reorder-point"]
"""


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """An empty folder to work in, with one good scenario."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.toml").write_text(GOOD)
    return tmp_path


def sop(*words):
    """Run a command."""
    return CliRunner().invoke(main, words)


def refused(*words):
    """What a command says that must be refused: one line."""
    result = sop(*words)
    assert result.exit_code == 2, (result.exit_code, result.output)
    (line,) = result.stderr.splitlines()
    assert line.startswith("sop: ")
    assert line.isprintable()
    return line.removeprefix("sop: ")


def changed(old, new):
    """The good scenario with one thing wrong."""
    assert old in GOOD
    return GOOD.replace(old, new)


UNFIT = [
    (changed("3.0", "9" * 400), "bad.toml: products.choc.price is a number of 400 digits; numbers have at most 19"),
    (changed("3.0", "9" * 5_000), "bad.toml is not valid TOML: a number has too many digits"),
    (changed("3.0", "1e308"), "bad.toml: products.choc.price is 1e+308; numbers beyond 1e+15 cannot be simulated"),
    (changed("3.0", "1e-300"), "bad.toml: products.choc.price is 1e-300; numbers closer to 0 than 1e-12 cannot be"),
    (changed("mean = 5", "mean = 1e6"), "bad.toml: products.choc.buy.lead_time.mean is 1e+06 days; it must be at most 3,650"),
    (changed("mean = 5", "mean = 1e18"), "bad.toml: products.choc.buy.lead_time.mean is 1e+18; numbers beyond 1e+15"),
    ("[calendar]\nstart = 0001-01-01\n" + GOOD, "bad.toml: calendar.start is 0001-01-01; dates must be from 1900-01-01 to "),
    ("[calendar]\nstart = 9999-12-01\n" + GOOD, "bad.toml: calendar.start is 9999-12-01; dates must be from 1900-01-01 to "),
    (f"{'.'.join(['a'] * 5_000)} = 1\n", "bad.toml is not valid: it has a key of more than 100 parts; none lies so deep"),
    (f"{'.'.join(['a'] * 90)} = 1\n", "bad.toml: 'a.a.a"),
    (f"a = {'[' * 60}{']' * 60}\n", "bad.toml: 'a[0][0]"),
    ("a = [" + "1, " * 70_000 + "]", "bad.toml has more than 60,000 entries; that is no scenario, take fewer"),
    ('note = "a\\u0000b"\n' + GOOD, "bad.toml: note is 'a\\u0000b', which holds the control character U+0000; take it out"),
    ('note = "a\\u001b[31mb"\n' + GOOD, "bad.toml: note is 'a\\u001b[31mb', which holds the control character U+001B"),
    ('note = "a\\u202eb"\n' + GOOD, "bad.toml: note is 'a\\u202eb', which holds the control character U+202E"),
    (GOOD.replace("products.choc", 'products."a\\nb"'), 'bad.toml: the key products."a\\\\u000ab" holds the control character U+000A'),
    (GOOD.replace("products.choc", 'products.""'), "bad.toml: products has an empty key; a key has from 1 to 200"),
    (GOOD.replace("products.choc", f"products.{'x' * 300}"), "bad.toml: products has a key of 300 characters; a key has"),
    ('extends = "a\\u0000b"\n', "bad.toml: extends 'a\\u0000b' holds the control character U+0000; take it out"),
    (f'extends = "{"x" * 5_000}"\n', "bad.toml: extends 'xxx"),
    ('extends = "nobody.toml"\n', "bad.toml: extends is 'nobody.toml', but there is no such file beside it"),
    ('extends = ["good", "good"]\n', "bad.toml: extends names 'good' twice; name each once"),
    ("extends = [" + '"a", ' * 5_000 + "]\n", "bad.toml: extends names 5,000 scenarios; it may name at most 20"),
    (changed("[experiment]", '[demand.history]\nfile = "a\\u0000b"\n[experiment]'), "bad.toml: demand.history.file is 'a"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), UNFIT, ids=[said[10:60] for _, said in UNFIT])
def test_what_no_company_can_be_made_of_is_refused(shelf, text, said):
    """Entry, what is wrong, what is allowed; by check and by a run alike."""
    (shelf / "bad.toml").write_text(text)
    told = refused("check", "bad.toml")
    if not told.startswith("bad.toml: extends names"):  # a control character in a text comes before what the text is
        said = said.replace("extends 'a\\u0000b' holds", "extends is 'a\\u0000b', which holds")
    assert told.startswith(said)
    assert refused("run", "bad.toml") == told


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_that_windows_wrote_is_read(shelf, code):
    """Byte-order mark, UTF-16 of either order, UTF-32."""
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(code, b"")
    (shelf / "windows.toml").write_bytes(mark + GOOD.replace("\n", "\r\n").encode(code))
    assert load("windows.toml").company == load("good.toml").company.model_copy(update={"name": "windows"})


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_code_without_its_mark_is_named(shelf, code):
    """Which file, what is wrong with it and what to do, and nothing of what a reader of TOML stumbles over."""
    said = "zero bytes, as UTF-16 and UTF-32 without a byte-order mark do"
    (shelf / "bad.toml").write_bytes(GOOD.encode(code))
    assert refused("check", "bad.toml") == f"bad.toml is no UTF-8 text: it holds {said}; save it as UTF-8"
    (shelf / "orders.csv").write_bytes("product,time,units\n".encode(code))
    with pytest.raises(ScenarioError, match=said):
        read_order_file(shelf / "orders.csv", (shelf / "orders.csv").read_bytes(), lambda *_: None)


@pytest.mark.parametrize(("text", "line"), [(GOOD.replace("\n", "\r"), 1), ("name = 'a'\r\n\n# a\rb = 1\n", 3)])
def test_a_carriage_return_alone_is_named_with_its_line(shelf, text, line):
    """As an old Macintosh writes all lines, or an editor one of them."""
    (shelf / "bad.toml").write_bytes(text.encode())
    assert refused("check", "bad.toml").startswith(f"bad.toml ends line {line} with a carriage return alone")


def test_a_variant_finds_the_file_beside_it_with_or_without_its_ending(shelf):
    """Its own folder comes before the names of what is shipped."""
    for name in ("good.toml", "good", "./good.toml"):
        (shelf / "variant.toml").write_text(f'extends = "{name}"\n[experiment]\nmonths = 3\n')
        assert load("variant.toml").experiment.months == 3
    (shelf / "trading.toml").write_text(GOOD)
    (shelf / "variant.toml").write_text('extends = "trading"\n')
    assert list(load("variant.toml").company.products) == ["choc"]


def test_a_variant_may_be_called_as_what_it_extends(shelf):
    """Who saves a changed giftware.toml in a folder of his own; a name that is not shipped remains a circle."""
    (shelf / "trading.toml").write_text('extends = "trading"\n[experiment]\nmonths = 14\nwarm_up = 2\n')
    found = load("trading.toml")
    assert (found.experiment.months, list(found.company.products)) == (14, ["drill"])
    (shelf / "second.toml").write_text('extends = "trading"\n')
    assert load("second.toml").experiment.months == 14
    for own, other in (("mine.toml", "mine"), ("trading.toml", "trading.toml")):
        (shelf / own).write_text(f'extends = "{other}"\n')
        assert refused("check", own) == f"{own}: extends goes in a circle ({own} -> {own}); take one of them out"


def test_what_is_put_together_is_said(shelf):
    """Two whole companies in one, and a base that is met on two ways."""
    (shelf / "both.toml").write_text('extends = ["good", "trading"]\n')
    assert (
        "    look at: It puts whole companies together: good, trading; what they sell"
        in sop("check", "both.toml").stdout
    )
    (shelf / "a.toml").write_text('extends = "good"\n')
    (shelf / "b.toml").write_text('extends = "good"\n')
    (shelf / "diamond.toml").write_text('extends = ["a", "b"]\n')
    assert "    look at: good is extended on several ways and counts once" in sop("check", "diamond.toml").stdout
    said = sop("check", "giftware-everything").stdout
    assert said.count("giftware is extended on several ways") == 1


def test_nothing_is_waited_for_and_nothing_endless_is_read(shelf):
    """A pipe that nobody writes to, a device, a folder: for scenario, policy, study, base and order file."""
    os.mkfifo(shelf / "pipe.toml")
    (shelf / "zero.toml").symlink_to("/dev/zero")
    (shelf / "folder.toml").mkdir()
    with_orders = changed(
        "[experiment]",
        '[segments.key-accounts]\n[segments.retailers]\n[segments.walk-in]\n[demand.history]\nfile = "FILE"\n[experiment]',
    )
    for name in ("pipe.toml", "zero.toml", "folder.toml"):
        (shelf / "bad.toml").write_text(f'extends = "{name}"\n')
        (shelf / "orders.toml").write_text(with_orders.replace("FILE", name))
        for words in (
            ("check", name), ("run", name), ("run", "good.toml", "--policy", name), ("check", "good.toml", name),
            ("sweep", name, "--plan"), ("run", "orders.toml"), ("run", "bad.toml"),
        ):  # fmt: skip
            waited = threading.Timer(20, lambda: os._exit(3))  # a test that hangs says so
            waited.start()
            said = sop(*words)
            waited.cancel()
            assert said.exit_code == 2, (words, said.output)
            assert len(said.stderr.splitlines()) == 1


def test_a_file_is_as_large_as_what_is_read_of_it(shelf, monkeypatch):
    """What the system says of its size counts for nothing."""
    monkeypatch.setattr(gate, "LARGEST", 100)
    with pytest.raises(ScenarioError, match=r"good.toml has [\d,]+ bytes; a scenario may have at most 100"):
        gate.content_of(shelf / "good.toml", 100)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("demand.everyday.x=1", "good.toml: demand.everyday has 1 entry; 'x' picks none of them"),
        ("demand.everyday.7=3", "good.toml: demand.everyday has 1 entry; '7' picks none of them"),
        ("demand.everyday.²=3", "good.toml: demand.everyday has 1 entry; '²' picks none of them"),
        ("demand.everyday.-1.product=3", "good.toml: demand.everyday has 1 entry; '-1' picks none of them"),
        ("experiment.months.x=3", "good.toml: experiment.months.x cannot be set, since experiment.months is no table"),
        ("products.choc.price=" + "9" * 400, "good.toml: products.choc.price is a number of 400 digits; numbers have"),
        (
            ".".join(["a"] * 5_000) + "=1",
            "the entry 'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a…' has more than",
        ),
        ("a..b=1", "the entry 'a..b' cannot be read; give keys with dots between them"),
        ('note="a\\u0000b"', "good.toml: note is 'a\\u0000b', which holds the control character U+0000; take it out"),
        ("note=a\x00b", "the argument 'note=a\\u0000b' holds the control character U+0000; take it out"),
        ("note=" + "x" * 30_000, "an argument has 30,005 characters; it may have at most 20,000"),
    ],
    ids=lambda value: value[:40],
)
@pytest.mark.usefixtures("shelf")
def test_a_setting_that_cannot_be_is_refused(entry, said):
    """The last key of a name is looked at like those before."""
    assert refused("run", "good.toml", "--set", entry).startswith(said)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "a\x00b.toml"), ("run", "a\x00b"), ("run", "good.toml", "--policy", "a\x00b.toml"), ("results", "a\x00b"),
        ("compare", "good.toml", "--out", "a\x00b"), ("check", "x" * 5_000), ("check", "x" * 5_000 + ".toml"),
        ("run", "good.toml", "--policy", "x" * 5_000 + ".toml"), ("compare", "good.toml", "--out", "x" * 5_000),
        ("compare", "good.toml", "--chart", "x" * 5_000 + ".svg"), ("sweep", "x" * 5_000 + ".toml"), ("results", "x" * 5_000),
        ("sweep", "safety-stock", "--plan", "--out", "x" * 5_000), ("check", "\udcff.toml"), ("check", "good.toml", "--with", "x" * 5_000),
    ],
    ids=lambda words: " ".join(word[:20] for word in words),
)  # fmt: skip
@pytest.mark.usefixtures("shelf")
def test_a_path_that_no_file_system_takes_is_refused(words):
    """Status 2: it is what was given that is wrong."""
    assert refused(*words)


FACTOR = 'scenario = "good.toml"\npolicies = ["reorder-point"]\nreplications = 2\n[[factors]]\n'


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ('entry = "products.choc.price"\nname = "policy"\nvalues = [1, 2]', "name of products.choc.price is 'policy', which a"),
        ('entry = "products.choc.price"\nname = "point"\nvalues = [1, 2]', "name of products.choc.price is 'point', which a"),
        ('entry = "products.choc.price"\nname = "mean"\nvalues = [1, 2]', "name of products.choc.price is 'mean', which a"),
        ('entry = "products.choc.price"\nname = "fill_rate"\nvalues = [1, 2]', "name of products.choc.price is 'fill_rate'"),
        ('entry = "products.choc.price"\nname = ""\nvalues = [1, 2]', "factors[0].name is ''; it must have at least 1 character"),
        ('entry = "experiment.seed"\nvalues = [1, 2]', "experiment.seed is no factor, since it changes nothing in a study"),
        ('entry = "experiment.replications"\nvalues = [1, 2]', "experiment.replications is no factor, since it changes"),
        ('entry = "policy.name"\nvalues = ["a", "b"]', "policy.name is no factor, since it changes nothing in a study"),
        ('entry = "demand.everyday.x"\nvalues = [1, 2]', "good.toml has no entry demand.everyday.x; "),
    ],
    ids=lambda value: value[:60],
)  # fmt: skip
def test_a_factor_that_says_nothing_is_refused(shelf, factor, said):
    """Before anything is run: a name that a column of the results has, an entry without any effect."""
    (shelf / "study.toml").write_text(FACTOR + factor)
    assert said in refused("check", "study.toml")
    assert said in refused("sweep", "study.toml", "--plan")


def real(shelf, command):
    """A command of a shell, as a user gives it: status, and what came to its error output."""
    told = subprocess.run(
        ["bash", "-c", command.replace("sop", f"{sys.executable} -m simulator.faces.cli")], cwd=shelf, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(fuzz.ROOT)}, timeout=120, check=False,
    )  # fmt: skip
    return told.returncode, told.stderr.decode()


@pytest.mark.parametrize(
    "command",
    ["sop policies >&-", "sop policies 2>&-", "sop policies >&- 2>&-", "PYTHONIOENCODING=latin-1 sop cycle trading --month 2 > text",
     "PYTHONIOENCODING=ascii sop compare good.toml > text"],
)  # fmt: skip
def test_what_is_said_finds_its_way_out(shelf, command):
    """Where nobody listens, and where a code page lacks a sign."""
    status, said = real(shelf, command)
    assert status == 0, said
    assert "Error" not in said


def test_what_the_fuzzer_tries_ends_as_it_may():
    """Status 0 or 2, a line for each problem, no warning, no fault, soon; `python -m benchmarks.fuzz` tries more."""
    number, found = fuzz.fuzzed(seed=11, seconds=60, most=20)
    assert not found, "\n".join(map(str, found))
    assert number > 5


def test_the_fuzzer_finds_what_is_planted(monkeypatch):
    """A fault, a warning and two lines are findings."""
    assert fuzz.Outcome(1, "sop: KeyError: 'x'; this is a fault of the program", 0.1, 1.0).problem()
    assert fuzz.Outcome(2, "", 0.1, 1.0).problem()
    assert fuzz.Outcome(2, "sop: a\nTraceback", 0.1, 1.0).problem()
    assert fuzz.Outcome(0, "", 0.1, 1.0, ("RuntimeWarning: overflow",)).problem()
    assert fuzz.Outcome(2, "sop: a", 3.0, 1.0).problem()
    assert not fuzz.Outcome(2, "sop: a is 1; it must be 2", 0.1, 1.0).problem()
    monkeypatch.setattr("simulator.company.gate.refuse_unfit", lambda *_: 1 / 0)
    monkeypatch.setattr("simulator.engine.scenario.refuse_unfit", lambda *_: 1 / 0)
    assert fuzz.fuzzed(seed=11, seconds=60, most=6)[1]
