"""A player's pages: join, read the news, submit a plan, meet, commit, and see what came true."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, form, inputs, join, paragraphs, section
from dashboard.classroom.room import Class, month_stamp
from dashboard.classroom.work import team_board
from simulator.classroom.game import MOST_NAME, PhaseView
from simulator.classroom.roles import AGENDA, ROLES, Field
from simulator.classroom.state import LOBBY, OPEN, PLAN, REPORT, Player, State
from simulator.kernel.messages import Text, listed, msg


def join_page(room: Class, wrong: Markup = BLANK) -> Markup:
    """Choose a team, a name and, who likes to, roles."""
    teams = room.front.teams()
    choices = join(
        fill(
            '<label class=touch><input type=radio name=team value="{name}"{first}>'
            "<span>{name} <small>{who}</small></span></label>",
            name=team.name,
            who=listed([p.name for p in team.players if p.here] or ["–"], ", "),
            first=Markup(" checked") if len(teams) == 1 else BLANK,
        )
        for team in teams
        if not team.robot
    )
    roles = join(
        fill(
            '<label class=touch><input type=checkbox name=roles value="{name}"><span><b>{title}</b> <small>{does}</small></span></label>',
            name=Markup(role.name), title=role.title, does=role.does,
        )
        for role in ROLES.values()
    )  # fmt: skip
    inside = fill(
        "<fieldset><legend>{team}</legend>{choices}"
        '<label><span>{new}</span><input name=new maxlength={most} autocomplete=off></label></fieldset>'
        "<label><span>{name}</span><input name=name required maxlength={most} autocomplete=nickname></label>"
        "<fieldset><legend>{choose}</legend>{roles}</fieldset>",
        team=msg("Your team"), choices=choices, new=msg("or a new team"), most=MOST_NAME, name=msg("Your name"),
        choose=msg("Your roles; choose none, and you get those of the first free seat"), roles=roles,
    )  # fmt: skip
    title = room.front.lesson.title
    return fill(
        "<h1>{title}</h1>{wrong}{form}",
        title=title, wrong=wrong, form=form(f"/c/{room.code}/join", inside, msg("Join"), "main"),
    )  # fmt: skip


def mark_of(room: Class, player: Player) -> str:
    """A sign of all that a player's page shows: while it stays, the page may stay."""
    state, stamp = room.state, month_stamp(room.state)
    team = state.teams[player.team]
    roles = {p.id: (p.roles, p.here) for p in state.players.values() if p.team == player.team}
    sent = sorted((at[1], sorted(values.items())) for at, values in team.submitted.items() if at[0] == state.round)
    parts = (
        stamp, state.phase, state.silence, state.ranking, roles, room.desk.sign(player.team), sent, team.committed.get(state.round),
        team.vetoes.get(state.round), sorted(team.done.items()),
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


Part = Callable[[Class, Player, State], Iterator[Markup]]


def player_page(room: Class, player: Player, parts: Mapping[str, Part], alone: Alone | None = None) -> Markup:
    """All that a player sees now; `parts` shows the phases after the plan, `alone` what one person alone has beside them."""
    phase, state = room.front.phase(), room.state
    show = parts.get(state.phase, _plans)
    if state.silence and state.phase in OPEN:
        show = _plans
    if room.front.alone and alone:
        shown = [alone.plans(room, player, state)] if state.phase == PLAN else [*show(room, player, state)]
        return join([head(phase, player, True), *shown, alone.onward(room, state)])
    return join([head(phase, player), *show(room, player, state), crew(room, player, state)])


@dataclass(frozen=True)
class Alone:
    """Parts of a page of one person alone: all plans at once, and the button to go on."""

    plans: Callable[[Class, Player, State], Markup]
    onward: Callable[[Class, State], Markup]


def head(phase: PhaseView, player: Player, is_alone: bool = False) -> Markup:
    """The round, the phase and the clock."""
    at = msg("Round {n} of {most}: {month}", n=phase.round, most=phase.rounds, month=phase.month)
    return fill(
        '<header><div><small>{who}</small><h1>{phase}</h1><small>{at}</small></div><time class=clock data-clock></time></header>',
        who=phase.title if is_alone else msg("{name}, team {team}", name=player.name, team=player.team),
        phase=phase.phase_title, at=phase.title if phase.phase == LOBBY else at,
    )  # fmt: skip


def _plans(room: Class, player: Player, state: State) -> Iterator[Markup]:
    if state.phase == LOBBY:
        yield paragraphs([msg("You are in. The trainer begins when all are here.")])
        return
    if state.silence:
        yield fill("<p class=hint>{text}</p>", text=msg("This month nobody talks: each department decides for itself."))
    if state.phase == REPORT:
        found = team_board(room, player.team)
        yield (
            join(map(section, found))
            if found
            else fill("<p class=wait>{text}</p>", text=msg("The report is on its way ..."))
        )
    for role in player.roles:
        yield role_part(room, player, role, state, is_open=not room.front.alone)


def role_part(room: Class, player: Player, role: str, state: State, is_open: bool = True) -> Markup:
    """A role's news, its figures, and what it may fill in; one person alone reads first, and fills in all plans at once."""
    view = room.view(player.team, role)
    title, does = ROLES[role].title, ROLES[role].does
    if view is None:
        waiting = msg("The report is on its way ...")
        return fill(
            "<details open><summary>{title}</summary><p class=wait>{text}</p></details>", title=title, text=waiting
        )
    team = state.teams[player.team]
    sent = team.submitted.get((state.round, role))
    told: Text = (
        msg("Submitted. You may change it until your team commits.")
        if sent is not None
        else msg("Not submitted yet: the recommendation stands until you do.")
    )
    own = form(
        f"/c/{room.code}/submit", inputs(fields_now(view.fields, state), dict(sent or {})),
        msg("Submit") if sent is None else msg("Submit again"), "main", role=role, round=state.round,
    )  # fmt: skip
    news = join(fill("<li>{text}</li>", text=text) for text in view.news)
    report = join(map(section, view.sections))
    first, second = (report, own) if state.phase == REPORT else (own, report)
    state_of = fill("<p class=state>{told}</p>", told=told)
    if room.front.alone:
        first, second, state_of = report, BLANK, BLANK
    return fill(
        "<details{is_open}><summary>{title}</summary><p class=does>{does}</p>{news}{state_of}{first}{second}</details>",
        title=title, does=does, state_of=state_of, first=first, second=second,
        is_open=Markup(" open") if is_open or view.news else BLANK,
        news=fill("<ul class=news>{news}</ul>", news=news) if news else BLANK,
    )  # fmt: skip


def fields_now(fields: Sequence[Field], state: State) -> list[Field]:
    """Keep the fields that count this month: without a meeting there is no agenda."""
    return [each for each in fields if not (state.silence and each.key.startswith(AGENDA))]


def crew(room: Class, player: Player, state: State) -> Markup:
    """The roles with those who play them; one that nobody holds is on autopilot, and anybody may take it over in one touch."""
    rows = []
    for role in ROLES.values():
        holders = state.holders(player.team, role.name)
        who: Any = listed([p.name for p in holders], ", ") if holders else msg("autopilot")
        if role.name in player.roles:
            others = [each for each in player.roles if each != role.name]
            button = form(f"/c/{room.code}/roles", BLANK, msg("Hand over"), "small", roles=",".join(others))
        else:
            both = ",".join([*player.roles, role.name])
            button = form(f"/c/{room.code}/roles", BLANK, msg("Take over"), "small", roles=both)
        rows.append(
            fill("<li><b>{title}</b> <span>{who}</span>{button}</li>", title=role.title, who=who, button=button)
        )
    return fill(
        "<details class=crew><summary>{title}</summary><ul>{rows}</ul></details>",
        title=msg("Your team"),
        rows=join(rows),
    )


def values_of(told: Mapping[str, str]) -> dict[str, float]:
    """The figures that a form sends; a field that is left empty is left to the rules."""
    from simulator.classroom.log import RefusedError

    found = {}
    for name, text in told.items():
        if name.startswith("v:") and text.strip():
            try:
                found[name[2:]] = float(text)
            except ValueError:
                key = name[2:][:80]
                raise RefusedError(
                    msg("{key} is {value}; it must be a number", key=key, value=repr(text[:40]))
                ) from None
    return found


def round_of(told: Mapping[str, str]) -> int:
    """The round that a form is for."""
    text = told.get("round", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def once(told: Mapping[str, str], content: Any) -> str:
    """The key of what a form sends: the same content of the same form counts once, however often it comes."""
    sign = hashlib.sha256(repr(content).encode()).hexdigest()[:16]
    return f"{told.get('key', '')[:40]}:{sign}"
