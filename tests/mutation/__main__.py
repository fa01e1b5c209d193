"""Plant bugs in the code that decides, and report those that the tests do not find.

python -m tests.mutation --bugs 200 --seed 1 --out docs/mutation.md
python -m tests.mutation --only sop --bugs 1000      # every bug of one folder
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.mutation.lines import Lines, measure
from tests.mutation.operators import ROOT, bugs_in, sample
from tests.mutation.places import TARGETS
from tests.mutation.report import report, share_found
from tests.mutation.run import fates

ENOUGH = 0.9
"""Share of bugs that the tests find at least."""


def every_bug(only=()):
    """Make all bugs of the targets, or of those whose path holds one of the words."""
    files = [file for target in TARGETS for file in sorted((ROOT / "simulator" / target).rglob("*.py"))]
    bugs = [bug for file in files for bug in bugs_in(file)]
    return [bug for bug in bugs if not only or any(word in bug.name or word in bug.file for word in only)]


def main(arguments):
    """Draw, plant, report; the exit status is 1 where too many bugs live."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--bugs", type=int, default=200, help="how many to plant")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="bugs whose file or function holds it"
    )
    parser.add_argument("--lines", type=Path, help="file of a coverage run to use again, or to make")
    parser.add_argument("--out", type=Path, help="where the report goes, besides the screen")
    asked = parser.parse_args(arguments)
    bugs = every_bug(asked.only)
    drawn = sample(bugs, asked.bugs, asked.seed)
    with tempfile.TemporaryDirectory(prefix="sop-mutation-") as folder:
        lines = (asked.lines or Path(folder) / "lines.coverage").absolute()
        if not lines.exists():
            print("Running the fast tests once, to know which runs which line ...", flush=True)
            measure(lines, asked.workers)
        ended = list(fates(drawn, Lines(lines), folder, asked.workers, _tell))
    text = report(ended, bugs, asked.seed)
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return int(share_found(ended) < ENOUGH)


def _tell(fate, number, of):
    if fate.alive:
        print(
            f"{number} of {of}: {fate.ended}: {fate.bug.name} ({fate.bug.file}:{fate.bug.line}, {fate.tests} tests)",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
