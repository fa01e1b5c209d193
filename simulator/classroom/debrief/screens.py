"""The debrief of a team in sentences and tables, as pages and the command line show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.classroom.debrief.bias import Bias, biases, bridge_to_best
from simulator.classroom.debrief.broken import Break, LookedBack, look_back
from simulator.classroom.debrief.luck import Luck
from simulator.classroom.debrief.regret import Ghost, Regret, ghosts, hindsight, regrets
from simulator.classroom.game import Game
from simulator.classroom.roles import ROLES, Cell, Section, Sheet
from simulator.kernel.messages import Message, Text, msg, number, percent

BAD_BIAS = 0.10
"""A bias beyond this share of what came stands in red."""

NO_MONEY = 0.5
"""Money of less than this is nothing."""


@dataclass(frozen=True)
class TeamDebrief:
    """All that the debrief of a team holds but its luck."""

    team: str
    regrets: Sequence[Regret]
    hindsight: Sequence[Regret]
    ghosts: Sequence[Ghost]
    again: LookedBack
    biases: Sequence[Bias]
    bridge: Sequence[tuple[str, float]]


def debrief_of(game: Game, team: str, again: Mapping[str, LookedBack] | None = None) -> TeamDebrief:
    """Work out the debrief of a team; `again` holds the rounds of all teams, where they have been played again before."""
    found = (again or look_back(game))[team]
    return TeamDebrief(
        team, [*regrets(game, team)], [*hindsight(game, team)], ghosts(game, team), found, biases(game, team),
        bridge_to_best(game, team),
    )  # fmt: skip


def sections_of_debrief(found: TeamDebrief, currency: str) -> list[Section]:
    """A team's decisions, where its plan broke, its private plans, its roles, and the way to the best policy."""
    return [
        decisions_section(found.regrets, found.hindsight, currency),
        ghosts_section(found.ghosts, currency),
        broken_section(found.again.breaks),
        private_section(found.again),
        bias_section(found.biases),
        bridge_section(found.bridge, currency),
    ]


def luck_in_words(each: Luck) -> Message:
    """A team's luck in a sentence."""
    return msg(
        "luck better than in {share} of {n} other lucks; worth {middle}, came {happened}",
        share=percent(each.quantile, 0), n=each.lucks, middle=number(each.box[2]), happened=number(each.happened),
    )  # fmt: skip


def decisions_section(visible: Sequence[Regret], by_what_came: Sequence[Regret], currency: str) -> Section:
    """Each round against the best option: what was visible, and apart from it what came."""
    rows, later = [], {each.round: each for each in by_what_came}
    for each in visible:
        hind = later[each.round]
        cells = [
            Cell(each.regret, each.regret > NO_MONEY), Cell(each.about if each.regret > NO_MONEY else "–"),
            Cell(hind.regret), Cell(hind.about if hind.regret > NO_MONEY else "–"),
        ]  # fmt: skip
        rows.append((msg("Round {n}", n=each.round), cells))
    columns = [
        msg("Missed, by what was visible"), msg("Better option then"), msg("Missed, by what came"), msg("Better option in hindsight"),
    ]  # fmt: skip
    missed = sum(each.regret for each in visible)
    told = msg(
        "By what was visible on the mornings of the rounds, better options of the team's own would have brought {amount} "
        "{currency} more over the three months from each; what pays later is not in it. Hindsight is apart: nobody could know what came.",
        amount=number(missed), currency=currency,
    )  # fmt: skip
    title = msg("Decisions, by what was visible and by what came")
    return Section(title, [told], tables=[Sheet(msg("Economic profit"), columns, rows, currency)])


def ghosts_section(found: Sequence[Ghost], currency: str) -> Section:
    """The game without one decision, and without a whole round's, the dearest first."""
    if not found:
        return Section(msg("The game without one decision"), [msg("Nothing was decided otherwise than recommended.")])
    rows: list[tuple[Text, Sequence[Cell]]] = [
        (
            msg("Round {n}", n=each.round),
            [Cell(each.about), Cell(each.profit, each.profit < -NO_MONEY), Cell(100 * each.service)],
        )
        for each in found
    ]
    columns = [msg("Decision"), msg("Brought"), msg("Service, points")]
    single = [each for each in found if not each.whole]
    worst, best = single[0], single[-1]
    told: list[Text] = []
    if worst.profit < -NO_MONEY:
        told.append(
            msg(
                "The dearest: {what} in round {n}; without it the team had {amount} {currency} more.",
                what=worst.about, n=worst.round, amount=number(-worst.profit), currency=currency,
            )
        )  # fmt: skip
    if best.profit > NO_MONEY:
        told.append(
            msg(
                "The best: {what} in round {n}; it brought {amount} {currency}.",
                what=best.about, n=best.round, amount=number(best.profit), currency=currency,
            )
        )  # fmt: skip
    sheet = Sheet(msg("In the team's own luck"), columns, rows, currency)
    return Section(msg("The game without one decision"), told, tables=[sheet])


def broken_section(breaks: Sequence[Break]) -> Section:
    """Month by month what broke the plan, and whether the picture of the clashes had shown it."""
    rows = []
    for each in breaks:
        cells = [
            Cell(each.served, share=True), Cell(each.kept, share=True), Cell(each.cause or msg("All that was due was served on the day.")),
            Cell(_was_it_shown(each)),
            Cell(_was_it_on_the_agenda(each)),
        ]  # fmt: skip
        rows.append((msg("Round {n}, {month}", n=each.round, month=each.month), cells))
    columns = [
        msg("Served on the day"),
        msg("Plan kept"),
        msg("Largest cause"),
        msg("Shown where plans clash?"),
        msg("On the agenda?"),
    ]
    lost = [each for each in breaks if each.cause]
    shown = sum(1 for each in lost if each.seen)
    told = msg(
        "Months in which customers waited: {n}; of these, red before the team decided: {k}.", n=len(lost), k=shown
    )
    return Section(msg("Where the plan broke"), [told], tables=[Sheet(msg("Month by month"), columns, rows)])


def _was_it_shown(each: Break) -> Text:
    if not each.cause:
        return "–"
    if each.seen:
        if each.seen == each.round:
            return msg("yes, in that month")
        return msg("yes, already in round {n}", n=each.seen)
    if each.unseen:
        return msg("it would have been in round {n}, a silent month", n=each.unseen)
    return msg("no")


def _was_it_on_the_agenda(each: Break) -> Text:
    if not each.issue or not each.agenda:
        return "–"
    return msg("yes") if each.issue in each.agenda else msg("no")


def private_section(found: LookedBack) -> Section:
    """Private plans beside the agreed one."""
    rows = []
    for each in found.private:
        changed = (
            each.agreed is not None
            and each.submitted is not None
            and abs(each.agreed - each.submitted) > NO_MONEY / 100
        )
        cells = [
            Cell(ROLES[each.role].title), Cell(each.about), Cell(each.what), Cell(each.recommended), Cell(each.submitted),
            Cell(each.agreed, changed),
        ]  # fmt: skip
        rows.append((msg("Round {n}", n=each.round), cells))
    title = msg("The agreed plan against the private ones")
    if not rows:
        return Section(title, [msg("Nothing was decided otherwise than recommended.")])
    columns = [msg("Role"), msg("about"), msg("Decision"), msg("Recommended"), msg("Submitted"), msg("Agreed")]
    told = msg("Red is where the team agreed on something else than the role had submitted.")
    return Section(title, [told], tables=[Sheet(msg("Figures that somebody changed"), columns, rows)])


def bias_section(found: Sequence[Bias]) -> Section:
    """Roles by the sum of their errors."""
    rows: list[tuple[Text, Sequence[Cell]]] = [
        (ROLES[each.role].title, [Cell(each.bias, abs(each.bias) > BAD_BIAS, share=True), Cell(each.error, share=True)])
        for each in found
    ]  # fmt: skip
    sheet = Sheet(msg("Shares of what came"), [msg("Bias"), msg("Error")], rows)
    told = msg("Bias above nothing is too much: forecasts and plans were larger than what came.")
    return Section(msg("Bias by role"), [told], tables=[sheet])


def bridge_section(lines: Sequence[tuple[str, float]], currency: str) -> Section:
    """From the team's EBIT to that of the best policy, line by line, the largest first."""
    whole = sum(amount for _, amount in lines)
    rows: list[tuple[Text, Sequence[Cell]]] = [
        (msg(line), [Cell(amount)]) for line, amount in sorted(lines, key=lambda each: -abs(each[1])) if abs(amount) > NO_MONEY
    ]  # fmt: skip
    rows.append((msg("EBIT in all"), [Cell(whole)]))
    amount = number(abs(whole))
    told = (
        msg("The best policy had {amount} {currency} more on the same luck.", amount=amount, currency=currency)
        if whole > 0
        else msg("The best policy had {amount} {currency} less on the same luck.", amount=amount, currency=currency)
    )
    sheet = Sheet(msg("Line by line"), [msg("Best policy less team")], rows, currency)
    return Section(msg("From the team to the best policy"), [told], tables=[sheet])
