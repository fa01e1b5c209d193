"""The pages after the meeting: the days run by, what came true, actions that are done, and the debrief."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, form, join, section, waiting
from dashboard.classroom.luck_picture import luck_picture
from dashboard.classroom.room import Class
from dashboard.classroom.work import came_true, days_running, debrief_of_team, luck, scores
from simulator.classroom.debrief.screens import sections_of_debrief
from simulator.classroom.log import RefusedError
from simulator.classroom.review import DONE, DONE_LATE, actions_of
from simulator.classroom.state import DAYS, DEBRIEF, Player, State
from simulator.kernel.messages import msg, number, said

if TYPE_CHECKING:
    from simulator.classroom.scoring import Score


SCORE_PARTS = {
    "profit": msg("Economic profit"), "service": msg("Service"), "plan": msg("Plan kept"), "actions": msg("Actions done"),
    "ranges": msg("Ranges stated"),
}  # fmt: skip
"""Parts of a score as columns and fields are headed."""


def afterwards(room: Class, player: Player, state: State) -> Iterator[Markup]:
    """Parts that a player sees once the month is decided."""
    if state.phase == DAYS:
        yield running(room, player.team)
    elif state.phase == DEBRIEF:
        yield debrief(room, player.team)
    else:
        found = came_true(room, player.team)
        yield waiting() if found is None else join(map(section, found))
        yield actions_form(room, player, state)
        if state.ranking:
            yield ranking(room, player.team)


def running(room: Class, team: str) -> Markup:
    """The days of the month as they run by; the script moves them."""
    found = days_running(room, team)
    if found is None:
        return fill("<p class=wait>{text}</p>", text=msg("The month begins ..."))
    totals = {
        name: [sum(row) for row in found[name]] for name in ("demand", "shipped", "made", "stock", "owed")
    }  # families together
    titles = {
        "demand": said("Demand"), "shipped": said("Shipped"), "made": said("Made"), "stock": said("In stock"), "owed": said("Owed"),
    }  # fmt: skip
    told = json.dumps({"days": found["days"], "titles": titles, **totals})
    return fill(
        '<section><h2>{title}</h2><div class=days data-days="{told}"></div></section>',
        title=msg("Day by day, all families together, in units"), told=told,
    )  # fmt: skip


def actions_form(room: Class, player: Player, state: State) -> Markup:
    """Report what is done."""
    rows = []
    for each in actions_of(state.teams[player.team], state.round):
        if each.state not in (DONE, DONE_LATE):
            hidden = {"action": each.action.number}
            rows.append(
                fill("<li>{text} {form}</li>", text=each.action.text,
                     form=form(f"/c/{room.code}/done", BLANK, msg("Done"), "small", **hidden))
            )  # fmt: skip
    if not rows:
        return BLANK
    return fill("<section><h3>{title}</h3><ul>{rows}</ul></section>", title=msg("Actions still to do"), rows=join(rows))


def ranking(room: Class, mine: str = "") -> Markup:
    """Teams and policies by their score."""
    found = scores(room)
    if found is None:
        return fill("<p class=wait>{text}</p>", text=msg("The scores are being worked out ..."))
    return scores_table(found, mine)


def scores_table(found: Sequence[Score], mine: str = "") -> Markup:
    """The scores with their parts, a row each, one's own marked."""
    head = join(fill("<th scope=col>{t}</th>", t=title) for title in SCORE_PARTS.values())
    rows = join(
        fill(
            "<tr{kind}><th scope=row>{name}</th><td><b>{total}</b></td>{parts}</tr>",
            kind=Markup(' class="mine"') if score.name == mine and not score.is_policy else BLANK,
            name=msg("policy {name}", name=score.name) if score.is_policy else score.name, total=number(score.total),
            parts=join(
                fill("<td>{n}</td>", n="–" if score.parts.get(part) is None else number(float(score.parts[part] or 0.0)))
                for part in SCORE_PARTS
            ),
        )
        for score in found
    )  # fmt: skip
    hint = msg(
        "Economic profit: 0 is each department for itself, 100 the best policy on the same luck. The score weighs all parts."
    )
    return fill(
        "<section><h2>{title}</h2><p class=hint>{hint}</p><div class=wide tabindex=0><table class=ranking><thead><tr><td></td>"
        "<th scope=col>{score}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>",
        title=msg("Ranking"), hint=hint, score=msg("Score"), head=head, rows=rows,
    )  # fmt: skip


def debrief(room: Class, team: str = "") -> Markup:
    """Scores, and luck apart from skill; a team sees its own and its decisions, and all of them when the ranking is shown."""
    found = scores(room)
    if found is None:
        return fill("<p class=wait>{text}</p>", text=msg("The scores are being worked out ..."))
    all_shown = room.state.ranking or not team
    own = [s for s in found if all_shown or s.name == team or s.is_policy]
    lucks = luck(room)
    if lucks is None:
        more = fill("<p class=wait>{text}</p>", text=msg("Every log is being replayed under other lucks ..."))
    else:
        more = luck_picture(
            [each for each in lucks if all_shown or each.is_policy or each.name == team], currency_of(room)
        )
    return join([scores_table(own, team), more, *([decisions(room, team), diploma_link(room)] if team else [])])


def currency_of(room: Class) -> str:
    """The money of the company that is played."""
    return room.front.file.scenario.company.currency


def decisions(room: Class, team: str, is_open: bool = False) -> Markup:
    """The decisions of a team, part by part; each is opened by a touch, so that it can be guessed before it is seen."""
    found = debrief_of_team(room, team)
    if found is None:
        return fill("<p class=wait>{text}</p>", text=msg("The months are being played again ..."))
    return join(
        fill(
            "<details{is_open}><summary>{title}</summary>{inside}</details>",
            is_open=Markup(" open") if is_open else BLANK, title=each.title, inside=section(replace(each, title="")),
        )
        for each in sections_of_debrief(found, currency_of(room))
    )  # fmt: skip


def diploma_link(room: Class) -> Markup:
    """The way to a page to print."""
    address = fill("/c/{code}/certificate", code=room.code)
    return fill('<p><a href="{address}">{text}</a></p>', address=address, text=msg("Certificate, a page to print"))


def report_done(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Report an action done."""
    text = sent.get("action", "")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise RefusedError(msg("your team has no action {number}", number=repr(text[:20])))
    room.front.action_done(player.id, int(text))
