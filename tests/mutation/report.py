"""Tell how many bugs were found, and list those that were not."""

from collections import Counter

from tests.mutation.accepted import REASONS
from tests.mutation.places import TARGETS


def nothing_to_find(fate):
    """Tell if a bug lives because it changes nothing."""
    return fate.alive and fate.bug.name in REASONS


def share_found(fates):
    """Divide the bugs found by all bugs but those that nothing has to find."""
    counted = [fate for fate in fates if not nothing_to_find(fate)]
    return sum(not fate.alive for fate in counted) / len(counted) if counted else 1.0


def report(fates, all_bugs, seed):
    """Write the report: counts by folder, then the bugs that live."""
    fates = sorted(fates, key=lambda fate: fate.bug.name)
    found, changing = sum(not fate.alive for fate in fates), sum(not nothing_to_find(fate) for fate in fates)
    rows = Counter((folder(fate.bug), "alive" if fate.alive else "found") for fate in fates)
    made = Counter(folder(bug) for bug in all_bugs)
    lines = [
        "# Mutation run",
        "",
        "Made by `python -m tests.mutation`. Bugs of the kinds that people write (another operator, a term left out, the least for the",
        "most, one more, a step left out) are planted one at a time into the code that plans, counts and weighs; the fast tests that",
        f"run the line are held against each. Drawn with seed {seed}.",
        "",
        f"**{found} of {len(fates)} bugs found ({found / max(len(fates), 1):.1%})**, "
        f"{sum(fate.ended == 'endless' for fate in fates)} of them by a run without an end; drawn from {len(all_bugs)}. "
        f"Without those that change nothing, as the reasons below say: {found} of {changing} ({share_found(fates):.1%}).",
        "",
        "| folder | bugs that can be made | drawn | found | alive |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name in sorted(made):
        killed, alive = rows[name, "found"], rows[name, "alive"]
        lines.append(f"| {name} | {made[name]} | {killed + alive} | {killed} | {alive} |")
    living = [fate for fate in fates if fate.alive]
    if living:
        lines += ["", "## Alive", "", "| bug | tests that ran the line | why nothing finds it |", "| --- | --- | --- |"]
        for fate in living:
            why = REASONS.get(fate.bug.name, "")
            lines.append(f"| `{fate.bug.name.replace('|', '&#124;')}` | {fate.tests} | {why} |")
    return "\n".join(lines) + "\n"


def folder(bug):
    """Name the target that holds a bug."""
    return next(target for target in TARGETS if bug.file.startswith(f"simulator/{target}"))
