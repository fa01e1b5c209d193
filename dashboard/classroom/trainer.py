"""The trainer's screen: who is there, who lacks, who committed; the clock, and all that the trainer may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

import numpy as np
from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, form, join, section, waiting
from dashboard.classroom.qr import QUIET, modules
from dashboard.classroom.review_page import debrief, decisions, ranking, running
from dashboard.classroom.room import Class
from dashboard.classroom.work import debrief_of_team, luck, team_board
from simulator.classroom.debrief.luck import LUCKS
from simulator.classroom.game import ROBOTS, Game, TeamView
from simulator.classroom.log import RefusedError
from simulator.classroom.roles import ROLES
from simulator.classroom.state import DAYS, DEBRIEF, LOBBY, OPEN
from simulator.kernel.messages import Text, listed, msg

MINUTE = 60


def pin_page(room: Class, wrong: Markup = BLANK) -> Markup:
    """Ask for the trainer's PIN."""
    inside = fill(
        "<label><span>{label}</span><input name=pin inputmode=numeric maxlength=12 required autocomplete=off type=password></label>",
        label=msg("The trainer's PIN, as the command told it when the class began"),
    )
    own = form(f"/c/{room.code}/trainer/pin", inside, msg("Go on"), "main")
    return fill("<h1>{title}</h1>{wrong}{form}", title=room.front.lesson.title, wrong=wrong, form=own)


def trainer_page(room: Class, address: str) -> Markup:
    """All that the trainer sees, large enough for the last row."""
    phase, teams = room.front.phase(), room.front.teams()
    at = msg("Round {n} of {most}: {month}", n=phase.round, most=phase.rounds, month=phase.month)
    begun = phase.phase != LOBBY
    return fill(
        "<header class=at-{phase_code}><div><small>{title}</small><h1>{phase}</h1><p>{at}</p></div>"
        "<div class=code><small>{address}</small><b>{code}</b></div>{picture}<time class=clock data-clock></time></header>"
        "{buttons}{board}<table class=teams><thead><tr><th scope=col>{team}<th scope=col>{here}<th scope=col>{missing}"
        "<th scope=col>{submitted}<th scope=col>{committed}<td></tr></thead><tbody>{rows}</tbody></table>{more}",
        phase_code=Markup(phase.phase),
        title=phase.title, phase=phase.phase_title, at=at if begun else BLANK, address=f"{address}/", code=room.code,
        picture=address_picture(f"{address}/c/{room.code}"),
        buttons=_buttons(room), board=_board(room), team=msg("Team"), here=msg("Here"), missing=msg("On autopilot"),
        submitted=msg("Submitted"), committed=msg("Committed"), rows=join(_row(room, each) for each in teams),
        more=_more(room),
    )  # fmt: skip


def address_picture(address: str) -> Markup:
    """The address for a phone's camera; nothing when it is too long."""
    dark = modules(address)
    if dark is None:
        return BLANK
    squares = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, x in np.argwhere(dark))
    size = len(dark) + 2 * QUIET
    return fill(
        '<svg class=qr viewBox="0 0 {n} {n}" role=img aria-label="{address}">'
        '<rect width={n} height={n} fill="#fff" /><path d="{d}" /></svg>',
        n=size, address=address, d=Markup(squares),
    )  # fmt: skip


def _board(room: Class) -> Markup:
    """Boards above the list of teams: a team's board, the ranking, the debrief."""
    state = room.state
    parts = []
    if state.wall and state.phase not in (LOBBY, DEBRIEF):
        if state.phase == DAYS:  # what came true is told in the next phase
            shown = running(room, state.wall)
        else:
            found = team_board(room, state.wall)
            shown = waiting() if found is None else join(map(section, found))
        parts.append(fill("<section class=board><h2>{team}</h2>{shown}</section>", team=state.wall, shown=shown))
    if state.phase == DEBRIEF:
        if state.wall:
            inside = decisions(room, state.wall)
            parts.append(fill("<section class=board><h2>{team}</h2>{inside}</section>", team=state.wall, inside=inside))
        parts.append(
            debrief(room)
            if state.ranking
            else fill("<p class=hint>{t}</p>", t=msg("Press R to show ranking, luck and skill."))
        )
        parts.append(_take_home(room))
    elif state.ranking and state.round:
        parts.append(ranking(room))
    return join(parts)


def _take_home(room: Class) -> Markup:
    """Slides and certificates to print, and how far the debrief has been worked out."""
    teams, lucks = [*room.state.teams], luck(room)
    there = sum(1 for team in teams if debrief_of_team(room, team) is not None)
    told = msg(
        "Worked out: {n} of {all} teams, {lucks} of {most} other lucks.",
        n=there, all=len(teams), lucks=lucks[0].lucks if lucks else 0, most=LUCKS,
    )  # fmt: skip
    links = join(
        fill(
            ' <a href="/c/{code}/certificate?team={query}">{team}</a>',
            code=room.code,
            query=Markup(quote(team)),
            team=team,
        )
        for team in teams
    )
    return fill(
        '<section><h2>{title}</h2><p><a href="/c/{code}/trainer/slides">{slides}</a> · {workbook}</p>'
        "<p>{papers}{links}</p><p class=hint>{told}</p></section>",
        title=msg("To print and take home"), code=room.code, slides=msg("Slides of the debrief"), papers=msg("Certificates:"),
        workbook=_workbook(room), links=links, told=told,
    )  # fmt: skip


def _workbook(room: Class) -> Markup:
    return fill(
        '<a href="/c/{code}/trainer/export" download>{text}</a>', code=room.code, text=msg("Workbook of everything")
    )


def _row(room: Class, team: TeamView) -> Markup:
    who = join(
        fill('<span class="{kind}">{name}</span> ', kind=Markup("" if room.is_here(p.id) else "away"), name=p.name)
        for p in team.players
        if p.here
    )
    buttons = [_act(room, msg("Wall"), "wall", team=team.name)]
    if any(p.here and not room.is_here(p.id) for p in team.players):
        buttons.append(_act(room, msg("Free lost phones' roles"), "free", team=team.name))
    return fill(
        "<tr><th scope=row>{name}</th><td>{who}</td><td>{missing}</td><td>{sent}</td><td>{committed}</td><td>{wall}</td></tr>",
        name=team.name, who=who or (robot_title(team.robot) if team.robot else "–"),
        missing="–" if team.robot else listed([ROLES[r].title for r in team.missing] or ["–"], ", "),
        sent=listed([ROLES[r].title for r in team.submitted] or ["–"], ", "),
        committed=msg("yes") if team.committed else "–", wall=join(buttons),
    )  # fmt: skip


def _act(room: Class, button: object, what: str, key: str = "", **more: object) -> Markup:
    """A button of the trainer's; with a key, that key of the keyboard does the same."""
    words = fill("{button}{key}", button=button, key=fill(" <kbd>{key}</kbd>", key=key) if key else BLANK)
    own = form(f"/c/{room.code}/trainer/do", BLANK, words, "small", what=what, **more)
    return fill('<span class=act data-key="{key}">{form}</span>', key=key.lower(), form=own)


def _buttons(room: Class) -> Markup:
    phase = room.front.phase()
    at = f"{phase.round}:{phase.phase}"
    found = []
    if phase.phase != DEBRIEF:
        found.append(_act(room, msg("Begin") if phase.phase == LOBBY else msg("Next"), "next", "N", at=at))
    if phase.seconds is not None:
        found += [
            _act(room, msg("Go on") if phase.paused else msg("Pause"), "resume" if phase.paused else "pause", "P"),
            _act(room, msg("One minute more"), "extend", "E", seconds=MINUTE),
        ]
    if phase.phase != DEBRIEF:
        found.append(
            _act(room, msg("Talk") if phase.silence else msg("Silence"), "talk" if phase.silence else "silence", "S")
        )
    found.append(
        _act(
            room,
            msg("Hide ranking") if phase.ranking else msg("Show ranking"),
            "hide" if phase.ranking else "rank",
            "R",
        )
    )
    return fill("<nav>{buttons}</nav>", buttons=join(found))


def _more(room: Class) -> Markup:
    """Buttons that are needed less often: teams, robots, events, and a month again."""
    state = room.state
    new = fill("<label><span>{label}</span><input name=name maxlength=40 required></label>", label=msg("A new team"))
    robots = join(
        fill("<option value={name}>{shown}</option>", name=Markup(name or '""'), shown=shown)
        for name, shown in zip(("", *ROBOTS), ROBOT_TITLES, strict=True)
    )
    played = fill(
        "<label><span>{label}</span><select name=robot>{robots}</select></label>", label=msg("played by"), robots=robots
    )
    link = fill(
        '<p>{workbook} · <a href="/c/{code}/trainer/guide">{guide}</a></p>',
        code=room.code, workbook=_workbook(room), guide=msg("The trainer's guide of this lesson, to print"),
    )  # fmt: skip
    parts = [link, form(f"/c/{room.code}/trainer/do", join([new, played]), msg("Add"), "small", what="team")]
    if state.phase in OPEN:
        parts += [
            _act(room, each.title, "inject", happening=k)
            for k, each in enumerate(room.front.lesson.happenings)
            if k not in room.front.lesson.dated and k not in state.happened
        ]
    if state.round:
        parts.append(_act(room, msg("Play this month again"), "restart", round=state.round))
    return fill(
        "<details><summary>{title}</summary>{parts}</details>",
        title=msg("Teams, events, a month again"),
        parts=join(parts),
    )


ROBOT_TITLES = (
    msg("people"), msg("the recommendation"), msg("chance"), msg("each department for itself"),
)  # fmt: skip


def robot_title(robot: str) -> Text:
    """Say which program plays a team."""
    return msg("robot: {title}", title=dict(zip(ROBOTS, ROBOT_TITLES[1:], strict=True))[robot])


def _whole(told: Mapping[str, str], name: str) -> int:
    """A whole number that a button sends."""
    text = told.get(name, "")
    if not (text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10):
        raise RefusedError(msg("{key} is {value}; it must be a number", key=name, value=repr(text[:40])))
    return int(text)


def _next(game: Game, told: Mapping[str, str]) -> None:
    round, _, phase = told.get("at", "").partition(":")
    game.advance((_whole({"round": round}, "round"), phase))


DOES: Mapping[str, Callable[[Game, Mapping[str, str]], object]] = {
    "next": _next,
    "pause": lambda game, told: game.pause(),
    "resume": lambda game, told: game.resume(),
    "extend": lambda game, told: game.extend(_whole(told, "seconds")),
    "silence": lambda game, told: game.silence(True),
    "talk": lambda game, told: game.silence(False),
    "rank": lambda game, told: game.ranking(True),
    "hide": lambda game, told: game.ranking(False),
    "wall": lambda game, told: game.wall("" if game.state.wall == told.get("team") else told.get("team", "")),
    "team": lambda game, told: game.add_team(told.get("name", ""), 4, told.get("robot", "")),
    "robot": lambda game, told: game.robot(told.get("team", ""), told.get("robot", "")),
    "inject": lambda game, told: game.inject(_whole(told, "happening")),
    "restart": lambda game, told: game.restart(_whole(told, "round")),
}
"""All that the trainer may do, by the name that a button sends."""


def free(room: Class, team: str) -> None:
    """Let those leave whose phones give no sign any more, so that others may have their seats."""
    for player in [*room.state.players.values()]:
        if player.team == team and player.here and not room.is_here(player.id):
            room.front.leave(player.id)


def act(room: Class, told: Mapping[str, str]) -> None:
    """Do what a button of the trainer's asks for."""
    what = told.get("what", "")
    if what == "free":
        return free(room, told.get("team", ""))
    if what not in DOES:
        raise RefusedError(msg("the trainer's screen has no button {name}", name=repr(what[:40])))
    DOES[what](room.front, told)
    return None
