"""Papers that a class takes home: a certificate of one page for each team, and the slides of the debrief, both to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, join, paragraphs, section, waiting
from dashboard.classroom.luck_picture import luck_picture
from dashboard.classroom.review_page import scores_table
from dashboard.classroom.room import Class
from dashboard.classroom.work import debrief_of_team, luck, scores
from simulator.classroom.debrief.regret import Ghost
from simulator.classroom.debrief.screens import ghosts_section, sections_of_debrief
from simulator.classroom.log import RefusedError
from simulator.classroom.state import DEBRIEF
from simulator.kernel.messages import Text, listed, msg, number


def is_over(room: Class) -> None:
    """Refuse what there is only in the debrief."""
    if room.state.phase != DEBRIEF:
        raise RefusedError(msg("the game is not over yet; wait for the debrief"))


def certificate(room: Class, team: str) -> Markup | None:
    """One page for a team: its score by part, luck and skill, its best and its dearest decision; None while it is worked out."""
    is_over(room)
    state, currency = room.state, room.front.file.scenario.company.currency
    members = [player.name for player in state.players.values() if player.team == state.copy_of_team(team).name]
    scored, lucks, found = scores(room), luck(room), debrief_of_team(room, team)
    if scored is None or lucks is None or found is None:
        return None
    own = [each for each in scored if each.name == team or each.is_policy]
    mine = next(each for each in scored if each.name == team and not each.is_policy)
    who: Text = msg("played by {names}", names=listed(members, ", ")) if members else BLANK
    is_alone = room.front.alone
    return fill(
        "<article class=paper><p>{what}</p><h1>{team}</h1><p>{who}</p><p class=points>{points}</p>{table}{picture}{said}"
        "<p class=sign>{signed}</p></article>",
        what=msg("{title}: {n} months of sales and operations planning", title=room.front.lesson.title, n=room.front.lesson.rounds),
        team=msg("Alone against the policies") if is_alone else team, who=BLANK if is_alone else who,
        points=msg("{n} points", n=number(mine.total)), table=scores_table(own, team),
        picture=luck_picture([each for each in lucks if each.is_policy or each.name == team], currency),
        said=_sentences(found.ghosts, currency), signed=msg("Name, date") if is_alone else msg("Trainer, date"),
    )  # fmt: skip


def _sentences(found: Sequence[Ghost], currency: str) -> Markup:
    told = ghosts_section(found, currency)
    return fill("<section><h2>{title}</h2>{told}</section>", title=told.title, told=paragraphs(told.sentences))


def slides(room: Class) -> Markup:
    """The whole debrief, a slide after the other: all teams together, then each team's decisions."""
    is_over(room)
    scored, lucks, currency = scores(room), luck(room), room.front.file.scenario.company.currency
    title = fill("<h1>{title}</h1><p>{what}</p>", title=room.front.lesson.title, what=msg("Debrief"))
    found = [
        title,
        waiting() if scored is None else scores_table(scored),
        waiting() if lucks is None else luck_picture(lucks, currency),
    ]
    for team in room.state.teams:
        mine = debrief_of_team(room, team)
        name = fill("<h2>{team}</h2>", team=team)
        if mine is None:
            found.append(name + waiting())
            continue
        parts = sections_of_debrief(mine, currency)
        found += [
            fill("<h2>{team}: {part}</h2>", team=team, part=each.title) + section(replace(each, title=""))
            for each in parts
        ]
    return join(fill("<article class=slide>{one}</article>", one=one) for one in found)
