"""The pages after the meeting: the days run by, what came true, actions that are done, and the debrief."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, form, join, section
from dashboard.classroom.room import Class
from dashboard.classroom.work import came_true, days_running, luck, scores
from simulator.classroom.log import RefusedError
from simulator.classroom.review import DONE, DONE_LATE, actions_of
from simulator.classroom.state import DAYS, DEBRIEF, Player, State
from simulator.kernel.messages import msg, number, percent, said

if TYPE_CHECKING:
    from simulator.classroom.debrief import Luck
    from simulator.classroom.scoring import Score

WIDTH, HEIGHT = 640, 30


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


def waiting() -> Markup:
    """Say that it is being worked out."""
    return fill("<p class=wait>{text}</p>", text=msg("One moment ..."))


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
    return _ranking(found, mine)


def _ranking(found: Sequence[Score], mine: str) -> Markup:
    names = ("profit", "service", "plan", "actions", "ranges")
    titles = (msg("Economic profit"), msg("Service"), msg("Plan kept"), msg("Actions done"), msg("Ranges stated"))
    head = join(fill("<th scope=col>{t}</th>", t=title) for title in titles)
    rows = join(
        fill(
            "<tr{kind}><th scope=row>{name}</th><td><b>{total}</b></td>{parts}</tr>",
            kind=Markup(' class="mine"') if score.name == mine and not score.is_policy else BLANK,
            name=msg("policy {name}", name=score.name) if score.is_policy else score.name, total=number(score.total),
            parts=join(
                fill("<td>{n}</td>", n="–" if score.parts.get(part) is None else number(float(score.parts[part] or 0.0)))
                for part in names
            ),
        )
        for score in found
    )  # fmt: skip
    hint = msg("0 is each department for itself, 100 the best policy on the same luck.")
    return fill(
        "<section><h2>{title}</h2><p class=hint>{hint}</p><div class=wide tabindex=0><table class=ranking><thead><tr><td></td>"
        "<th scope=col>{score}</th>{head}</tr></thead><tbody>{rows}</tbody></table></div></section>",
        title=msg("Ranking"), hint=hint, score=msg("Score"), head=head, rows=rows,
    )  # fmt: skip


def debrief(room: Class, team: str = "") -> Markup:
    """Scores, and luck apart from skill; a team sees its own, and all of them when the ranking is shown."""
    found = scores(room)
    if found is None:
        return fill("<p class=wait>{text}</p>", text=msg("The scores are being worked out ..."))
    all_shown = room.state.ranking or not team
    own = [s for s in found if all_shown or s.name == team or s.is_policy]
    lucks = luck(room)
    if lucks is None:
        more = fill("<p class=wait>{text}</p>", text=msg("Every log is being replayed under other lucks ..."))
    else:
        names = {s.name for s in own}
        more = luck_picture([each for each in lucks if all_shown or each.name in names])
    return join([_ranking(own, team), more])


def luck_picture(found: Sequence[Luck]) -> Markup:
    """A dot, what happened, over a box, what the decisions were worth."""
    low = min(min(each.happened, *each.box) for each in found)
    high = max(max(each.happened, *each.box) for each in found)

    def at(value: float) -> float:
        return 10 + (WIDTH - 20) * (value - low) / max(high - low, 1e-9)

    rows = []
    for each in found:
        a, b, m, c, d = map(at, each.box)
        words = msg(
            "luck better than in {share} of {n} other lucks; worth {middle}, came {happened}",
            share=percent(each.quantile, 0), n=each.lucks, middle=number(each.box[2]), happened=number(each.happened),
        )  # fmt: skip
        picture = Markup(
            f'<line x1="{a:.0f}" x2="{d:.0f}" y1=15 y2=15 class=axis /><rect x="{b:.0f}" width="{max(c - b, 1):.0f}" y=6 height=18 />'
            f'<line x1="{m:.0f}" x2="{m:.0f}" y1=6 y2=24 class=middle /><circle cx="{at(each.happened):.0f}" cy=15 r=6 />'
        )
        rows.append(
            fill(
                "<div class=luck><b>{name}</b> <small>{words}</small>"
                '<svg viewBox="0 0 {w} {h}" role=img aria-label="{words}">{p}</svg></div>',
                name=each.name, words=words, w=WIDTH, h=HEIGHT, p=picture,
            )
        )  # fmt: skip
    hint = msg("Economic profit a year. The box is what the decisions were worth in other lucks, the dot what came.")
    return fill(
        "<section><h2>{title}</h2><p class=hint>{hint}</p>{rows}</section>",
        title=msg("Luck and skill"),
        hint=hint,
        rows=join(rows),
    )


def report_done(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Report an action done."""
    text = sent.get("action", "")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise RefusedError(msg("your team has no action {number}", number=repr(text[:20])))
    room.front.action_done(player.id, int(text))
