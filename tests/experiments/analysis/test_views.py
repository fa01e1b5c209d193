"""`sop results` shows every view of a real sweep, for people and programs, and refuses what it cannot show."""

import json

import pytest
import tomlkit
from click.testing import CliRunner
from newsstand import ENTRY, WORDS

from simulator.faces.cli import main
from simulator.studies.sweep import sweep

FACTORS = [
    {"entry": ENTRY, "name": "level", "low": 500.0, "high": 600.0, "steps": 3},
    {"entry": "policy.products.fraction", "name": "fraction", "values": [0.5, 1.0]},
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A grid and a sample for Sobol indices, by design."""
    home = tmp_path_factory.mktemp("views")
    company = home / "newsstand.toml"
    company.write_text(tomlkit.dumps({key: value for key, value in WORDS.items() if key != "name"}), encoding="utf-8")
    made = {}
    for design in ({"kind": "grid"}, {"kind": "sobol-indices", "points": 8}):
        study = {"name": design["kind"], "scenario": str(company), "policies": ["base-stock"], "factors": FACTORS}
        study |= {"design": design, "replications": 5, "measures": ["fill_rate", "days_of_supply"]}
        made[design["kind"]] = str(home / design["kind"])
        sweep(study, made[design["kind"]], workers=1)
    return made


def asked(folder, *words):
    """What the command answers."""
    return CliRunner().invoke(main, ["results", folder, *words])


@pytest.mark.parametrize(
    ("design", "words", "part"),
    [
        ("grid", ["--effects"], "level x fraction"),
        ("grid", ["--tornado"], "against the middle"),
        ("sobol-indices", ["--sobol"], "with interactions [95 %]"),
        ("grid", ["--heat", "level,fraction"], "fraction \\ level"),
        ("grid", ["--frontier"], "settings lie on the frontier"),
        ("grid", ["--precision"], "needed"),
        ("grid", ["--ranking"], "with 95 % confidence for all at once"),
        ("grid", ["--parallel"], "best tenth in fill rate"),
        ("grid", ["--convergence"], "replications"),
        ("grid", ["--best", "--measure", "days_of_supply", "--service", "0.85"], "on fresh luck"),
        ("grid", ["--best"], "may be the best"),
    ],
)
def test_every_view_is_told(folders, design, words, part):
    """In words and columns, and as JSON and CSV."""
    told = asked(folders[design], *words)
    assert told.exit_code == 0, told.output
    assert part in told.output
    assert json.loads(asked(folders[design], *words, "--json").stdout)
    assert "," in asked(folders[design], *words, "--csv").stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("design", "words", "mark"),
    [
        ("grid", ["--tornado"], "moves fill rate most"),
        ("sobol-indices", ["--sobol"], "largest share of the variance"),
        ("grid", ["--heat", "level,fraction"], "Fill rate is highest at"),
        ("grid", ["--frontier"], "lie on the frontier"),
        ("grid", ["--effects"], "effects differ from zero"),
        ("grid", ["--ranking"], "settings may be the best"),
        ("grid", ["--parallel"], "The best tenth of all settings has"),
        ("grid", ["--convergence"], "After 5 replications the best setting is known"),
    ],
)
def test_views_are_drawn(folders, tmp_path, design, words, mark):
    """With the finding as the title."""
    chart = tmp_path / "view.svg"
    told = asked(folders[design], *words, "--chart", str(chart))
    assert told.exit_code == 0, told.output
    assert mark in chart.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--sobol"], "need a study whose design is sobol-indices"),
        (["--effects", "--measure", "fill_rat"], "holds no measure 'fill_rat'"),
        (["--effects", "--policy", "sop"], "the study has no policy 'sop'"),
        (["--heat", "level"], "it must be two factors"),
        (["--heat", "level,lot"], "the study has no factor 'lot'"),
        (["--precision", "--chart", "x.svg"], "there is no picture of --precision"),
        (["--tornado", "--chart", "x.pdf"], "it must end in .svg, .png, .html"),
        (["--best", "--service", "0.9999999"], "no point of the study surely has"),
    ],
)
def test_what_cannot_be_shown_ends_with_status_2(folders, words, sentence):
    """One sentence, no traceback."""
    told = asked(folders["grid"], *words)
    assert told.exit_code == 2
    assert sentence in told.output
    assert "Traceback" not in told.output
