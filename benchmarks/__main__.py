"""Print the tables of the benchmarks; exit status 1 if the simulators disagree about a fill rate."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from math import hypot
from types import ModuleType, SimpleNamespace

from benchmarks import bare_loops, ours, peer_cimba, peer_stockpyl, peer_supplynetpy, plain_simpy
from benchmarks.workloads import WORKLOADS, Outcome, Workload

PEERS: dict[str, ModuleType | SimpleNamespace] = {
    "plain SimPy": plain_simpy,
    "Cimba": peer_cimba,
    "bare loop, NumPy": bare_loops.ARRAYS,
    "bare loop, C": bare_loops.COMPILED,
    "stockpyl": peer_stockpyl,
    "SupplyNetPy": peer_supplynetpy,
}
QUICK = ("Cimba", "bare loop, NumPy", "bare loop, C")
# The plain model is an order of magnitude quicker than the packages, too short to time on as few replications.
PLAIN_TIMES = 10
STANDARD_ERRORS = 4
# A mean of ratios over finite runs is off the formula, a ratio of means, by some .0002.
FORMULA_FLOOR = 0.0005
# Fed with the same demand day by day, the peers may differ by rounding only.
SAME_DEMAND = 1e-6


def best(module: ModuleType | SimpleNamespace, workload: str, replications: int, seed: int, rounds: int) -> Outcome:
    """Run it several times on one core and keep the quickest; the fill rate is the same each time."""
    with ours.one_core():
        outcomes = [module.fill_rate_and_seconds(workload, replications, seed) for _ in range(rounds)]
    return min(outcomes, key=lambda outcome: outcome.seconds)


def peers_and_ours(workload: str, options: argparse.Namespace) -> tuple[dict[str, Outcome], dict[str, str]]:
    """Run every simulator that is there, and list why the others are not."""
    found, absent = {}, {}
    if why := ours.missing(ours.scenario_file(workload)):
        absent["ours"] = f"not yet: {why}"
    else:
        found["ours"] = best(ours, workload, options.ours, options.seed, options.rounds)
        found["ours, measures included"] = best(ours.MEASURED, workload, options.ours, options.seed, options.rounds)
    for who, module in PEERS.items():
        installed, how = module.available()
        times = PLAIN_TIMES if module is plain_simpy else 1
        replications = options.ours if who in QUICK else options.peers * times
        if installed:
            found[who] = best(module, workload, replications, options.seed, options.rounds)
        else:
            absent[who] = f"not installed: {how}"
    return found, absent


def disagreements(workload: Workload, found: dict[str, Outcome]) -> list[str]:
    """Fill rates further from the formula, or from each other, than chance explains."""
    exact, names, far = workload.exact_fill_rate(workload), list(found), []
    for place, who in enumerate(names):
        a = found[who]
        if abs(a.fill_rate - exact) > max(FORMULA_FLOOR, STANDARD_ERRORS * a.standard_error):
            far.append(f"{workload.name}: {who} finds {a.fill_rate:.5f}, the formula {exact:.5f}")
        for other in names[place + 1 :]:
            b = found[other]
            if abs(a.fill_rate - b.fill_rate) > STANDARD_ERRORS * hypot(a.standard_error, b.standard_error):
                far.append(f"{workload.name}: {who} finds {a.fill_rate:.5f}, {other} {b.fill_rate:.5f}")
    return far


def differences_on_the_same_demand(workload: str, found: dict[str, Outcome], options: argparse.Namespace) -> list[str]:
    """Packages that do not find, on the very same days of demand, what the plain model finds."""
    if "plain SimPy" not in found:
        return []
    plain = plain_simpy.fill_rate_and_seconds(workload, options.peers, options.seed).fill_rate
    return [
        f"{workload}: on the same demand {who} finds {found[who].fill_rate:.8f}, plain SimPy {plain:.8f}"
        for who in found
        if who in ("stockpyl", "SupplyNetPy") and abs(found[who].fill_rate - plain) > SAME_DEMAND
    ]


def ratio(pace: float, own: float | None) -> str:
    """A pace as a share of ours."""
    if not own:
        return "-"
    return f"1/{own / pace:,.0f}" if pace < own / 2 else f"{pace / own:.2f}"


def rows(workload: Workload, found: dict[str, Outcome], absent: dict[str, str]) -> Iterable[Sequence[str]]:
    """The table's lines for one workload, the formula first."""
    yield workload.name, "formula", f"{workload.exact_fill_rate(workload):.5f}", "", ""
    own = found["ours"].node_days / found["ours"].seconds if "ours" in found else None
    for who, outcome in found.items():
        pace = outcome.node_days / outcome.seconds
        fill = f"{outcome.fill_rate:.5f} +- {outcome.standard_error:.5f}"
        yield workload.name, who, fill, f"{pace:,.0f}", ratio(pace, own)
    for who, why in absent.items():
        yield workload.name, who, why, "", ""


def show(head: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print a plain table."""
    table = [head, *lines]
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print()


def compare_simulators(options: argparse.Namespace) -> list[str]:
    """Run every workload on every simulator, fill rates compared first, and print the table."""
    lines: list[Sequence[str]] = []
    wrong: list[str] = []
    for name, workload in WORKLOADS.items():
        print(f"{name}: {workload.title}; {workload.days} days, fill rate after day {workload.warm_up}", flush=True)
        found, absent = peers_and_ours(name, options)
        wrong += disagreements(workload, found) + differences_on_the_same_demand(name, found, options)
        lines += rows(workload, found, absent)
    print()
    for line in wrong:
        print(f"*** DISAGREEMENT *** {line}")
    print(f"{len(wrong)} disagreements: no pace below is a fair one.\n" if wrong else "The fill rates agree.\n")
    show(("workload", "who", "fill rate +- se", "node-days/s", "ratio to ours"), lines)
    return wrong


TABLES = ("peers", "targets", "scaling", "cost")
USUAL_TABLES = ("peers", "targets")


def print_targets(with_long: bool, words: str) -> None:
    """Print each target as soon as it is measured, since some take long."""
    from benchmarks.targets import TARGETS, row

    if (load := os.getloadavg()[0]) > 0.5:
        print(f"Other work keeps {load:.1f} processes busy: seconds by the clock below are longer than they need be.\n")
    for target in (each for each in TARGETS if words in each.what):
        what, reach, today, over = row(target, with_long)
        print(f"{what}\n    reach {reach}; today {today}{f'; today / reach {over}' if over else ''}", flush=True)
    print()


def print_table(name: str, options: argparse.Namespace) -> None:
    """Print a table other than that of the simulators."""
    if name == "targets":
        print_targets(options.long, options.only)
        return
    from benchmarks.scaling import HEADS, ROWS

    show(HEADS[name], ROWS[name](10_000 if options.long else 1_000, options.rounds))


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("task", nargs="?", choices=("profile",), help="the shares of a play by step instead of tables")
    parser.add_argument("--peers", type=int, default=30, help="replications of a package (plain SimPy: ten times)")
    parser.add_argument("--ours", type=int, default=1000, help="replications, run at once")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each simulator, the quickest counts")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--table", choices=TABLES, help="this table alone")
    parser.add_argument("--long", action="store_true", help="rows that take minutes, too")
    parser.add_argument("--only", default="", metavar="WORDS", help="targets whose row holds these words")
    parser.add_argument("--company", default="giftware", help="of the profile")
    parser.add_argument("--policy", default="chase", help="of the profile")
    parser.add_argument("--lanes", type=int, default=100, help="replications side by side in the profile")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is asked for and say whether the fill rates agree."""
    options = parse(arguments)
    if options.task == "profile":
        from benchmarks.steps import profile

        show(("step", "share", "ms", "calls"), profile(options.company, options.policy, options.lanes))
        return 0
    wrong: list[str] = []
    for name in (options.table,) if options.table else USUAL_TABLES:
        if name == "peers":
            wrong = compare_simulators(options)
        else:
            print_table(name, options)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
