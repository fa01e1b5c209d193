"""The pages of the meeting: where plans clash, three options and one's own, and the commitment of the team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from dashboard.classroom.html import BLANK, fill, form, inputs, join, section, waiting
from dashboard.classroom.phone import once, round_of, values_of
from dashboard.classroom.room import Class
from dashboard.classroom.work import clash, draft, options, plans_stamp
from simulator.classroom.alone import after_commit
from simulator.classroom.game import MOST_ACTIONS, MOST_REASON
from simulator.classroom.log import RefusedError
from simulator.classroom.meeting import Card, CardOutcome, edited_fields, options_of
from simulator.classroom.playing import is_decision
from simulator.classroom.roles import ROLES, Section
from simulator.classroom.state import COLLISION, Commitment, Player, State
from simulator.kernel.messages import Text, listed, msg, number, percent

OWN_LETTER = "D"
"""The letter of the option that a team draws up itself."""

WIDTH, MARGIN = 300, 8


def meeting(room: Class, player: Player, state: State) -> Iterator[Markup]:
    """Parts that a player sees where plans clash, and in the meeting."""
    team = state.teams[player.team]
    if state.round in team.committed:
        yield committed(room, player.team, team.committed[state.round])
    found_issues = clash(room, player.team)
    if found_issues is None:
        yield waiting()
    else:
        yield from issues_page(found_issues, team.agenda(state.round) if state.phase != COLLISION else [], state)
    if state.phase == COLLISION or state.round in team.committed:
        return
    found = options(room, player.team)
    if found is None:
        yield fill("<p class=wait>{text}</p>", text=msg("Your options are being simulated ..."))
        return
    yield commit_form(room, player, state, found)
    yield own_option(room, player, state)
    if "finance" in player.roles and not room.front.alone:
        yield veto_form(room, state, found)


def issues_page(found: Mapping[str, Section], agenda: Sequence[str], state: State) -> Iterator[Markup]:
    """The issues on the agenda, open, and below them, folded, those that are not; all of them where there is no agenda."""
    first = [found[name] for name in agenda] or [*found.values()]
    is_open = Markup(" open") if state.phase == COLLISION or agenda else BLANK
    yield fill(
        "<details{is_open}><summary>{title}</summary><p class=hint>{hint}</p>{shown}</details>",
        is_open=is_open, title=msg("On the agenda") if agenda else msg("Where the plans clash"),
        hint=msg("Red is where two plans cannot both come true."), shown=join(map(section, first)),
    )  # fmt: skip
    rest = [each for name, each in found.items() if name not in agenda] if agenda else []
    if rest:
        yield fill(
            "<details><summary>{title}</summary>{shown}</details>",
            title=msg("Not on the agenda"), shown=join(map(section, rest)),
        )  # fmt: skip


def committed(room: Class, team: str, found: Commitment) -> Markup:
    """All that the team has committed to."""
    decided = join(
        fill("<li>{about}: {label} <b>{n}</b> {unit}</li>", about=f.about, label=f.label, n=number(v), unit=f.unit)
        for f, v in edited_fields(room.front, team, found.values)
    )
    actions = join(
        fill("<li>{text} ({owner}, {due})</li>", text=a.text, owner=ROLES[a.owner].title, due=msg("round {n}", n=a.due))
        for a in found.actions
    )
    return fill(
        "<section class=done><h2>{title}</h2><p>{reason}</p><ul>{decided}{actions}</ul></section>",
        title=msg("Committed: option {letter}, by {name}", letter=found.option, name=found.by),
        reason=found.reason, decided=decided, actions=actions,
    )  # fmt: skip


Ends = Mapping[int, tuple[float, float]]
"""By outcome: the ends of the scale that all options share."""


def scales_of(outcomes: Sequence[Sequence[CardOutcome]], came: Sequence[Sequence[float]] = ()) -> Ends:
    """The ends of the scales on which options stand side by side, with what came where that is known."""
    found = {}
    for k in range(len(outcomes[0])):
        every = [v for each in outcomes for v in (each[k].low, each[k].high)] + [each[k] for each in came]
        found[k] = (min(every), max(every))
    return found


def outcome_bars(outcomes: Sequence[CardOutcome], ends: Ends, came: Sequence[float | None] = ()) -> Markup:
    """An option's outcomes, a bar each; a full dot is what came, where that is known."""
    dots = [*came] or [None] * len(outcomes)
    return join(_bar(outcome, *ends[k], dots[k]) for k, outcome in enumerate(outcomes))


def commit_form(room: Class, player: Player, state: State, found: Sequence[Card]) -> Markup:
    """Three options side by side, of which the team takes one, says why, and who does what by when."""
    ends = scales_of([card.outcomes for card in found])
    choices = join(_card(card, ends) for card in found)
    owners = join(fill("<option value={n}>{t}</option>", n=Markup(role.name), t=role.title) for role in ROLES.values())
    last = room.front.lesson.rounds
    usual = min(state.round + 1, last)
    dues = join(
        fill(
            "<option value={n}{on}>{t}</option>",
            n=k,
            on=Markup(" selected") if k == usual else BLANK,
            t=msg("round {n}", n=k),
        )
        for k in range(state.round, last + 1)
    )
    actions = join(
        fill(
            '<fieldset><legend>{title}</legend><label><span>{what}</span><input name="action{k}" maxlength=120></label>'
            '<label><span>{who}</span><select name="owner{k}">{owners}</select></label>'
            '<label><span>{when}</span><select name="due{k}">{dues}</select></label></fieldset>',
            title=msg("Action {n}", n=k), k=k, what=msg("What is to be done"), who=msg("Who"), owners=owners,
            when=msg("By when"), dues=dues,
        )
        for k in range(1, MOST_ACTIONS + 1)
    )  # fmt: skip
    inside = fill(
        "<div class=cards>{choices}</div><label><span>{why}</span><textarea name=reason rows=2 maxlength={most}></textarea></label>"
        "<details><summary>{title}</summary>{actions}</details>",
        choices=choices, why=msg("Why this one, in a sentence"), most=MOST_REASON,
        title=msg("Up to three actions"), actions=actions,
    )  # fmt: skip
    note = msg(
        "{n} possible futures of {months}; one in ten is worse than the left end, one in ten better than the right.",
        n=found[0].futures, months=listed(found[0].months, ", "),
    )  # fmt: skip
    own = form(
        f"/c/{room.code}/commit", inside, msg("Commit"), "main", round=state.round, seen=_seen(state, player.team)
    )
    return fill(
        "<section><h2>{title}</h2><p class=hint>{note}</p>{own}</section>",
        title=msg("Your options"),
        note=note,
        own=own,
    )


def _seen(state: State, team: str) -> str:
    """A sign of the plans that the options were made of."""
    return hashlib.sha256(repr(plans_stamp(state, team)).encode()).hexdigest()[:16]


def _card(card: Card, ends: Ends) -> Markup:
    """An option with its outcomes, each a bar from P10 to P90 with the middle marked, on the same scale as the others'."""
    bars = outcome_bars(card.outcomes, ends)
    veto = (
        fill("<p class=wrong>{text}</p>", text=msg("Vetoed by finance: {reason}", reason=card.vetoed))
        if card.vetoed
        else BLANK
    )
    return fill(
        '<label class=card><span class=touch><input type=radio name=option value="{letter}" required{off}>'
        "<b>{letter} · {title}</b></span><small>{note}</small>{veto}{bars}</label>",
        letter=card.letter, off=Markup(" disabled") if card.vetoed else BLANK, title=card.title, note=card.note, veto=veto, bars=bars,
    )  # fmt: skip


def _bar(outcome: CardOutcome, low: float, high: float, came: float | None = None) -> Markup:
    def at(value: float) -> str:
        return f"{MARGIN + (WIDTH - 2 * MARGIN) * (value - low) / max(high - low, 1e-9):.1f}"

    def shown(value: float) -> Text:
        return percent(value / 100, 1) if outcome.unit == "%" else number(value)

    told = [shown(v) for v in (outcome.low, outcome.middle, outcome.high)]
    dot = BLANK if came is None else Markup(f'<circle cx="{at(came)}" cy=8 r=5 class=came />')
    truth = BLANK if came is None else fill(" · <b>{text}</b>", text=msg("came {n}", n=shown(came)))
    unit: Text = "" if outcome.unit == "%" else outcome.unit
    words = msg("{low} to {high}, middle {middle}", low=told[0], high=told[2], middle=told[1])
    return fill(
        '<div class=bar><span>{label}</span> <b>{middle} {unit}</b> <small>{low} … {high}</small>{truth}'
        '<svg viewBox="0 0 {width} 16" role=img aria-label="{words}"><line x1=0 x2={width} y1=8 y2=8 class=axis />'
        '<line x1="{a}" x2="{b}" y1=8 y2=8 class=range /><circle cx="{m}" cy=8 r=6 />{dot}</svg></div>',
        truth=truth, dot=dot, label=outcome.label, middle=told[1], unit=unit, low=told[0], high=told[2], width=WIDTH, words=words,
        a=Markup(at(outcome.low)), b=Markup(at(outcome.high)), m=Markup(at(outcome.middle)),
    )  # fmt: skip


def own_option(room: Class, player: Player, state: State) -> Markup:
    """Edit a plan of the team's own, and have it simulated beside the others."""
    values = state.teams[player.team].together(state.round)
    fields = [f for f in room.front.fields(player.team) if is_decision(f.key)]
    own = form(f"/c/{room.code}/draft", inputs(fields, values), msg("Simulate this one"), "main", round=state.round)
    return fill(
        "<details><summary>{title}</summary><p class=hint>{hint}</p>{own}</details>",
        title=msg("Draw up an option of your own"), own=own,
        hint=msg("It starts from the plans as they were submitted, and appears as option D; it counts once you commit to it."),
    )  # fmt: skip


def veto_form(room: Class, state: State, found: Sequence[Card]) -> Markup:
    """Finance may veto an option with a reason."""
    letters = join(fill("<option>{letter}</option>", letter=card.letter) for card in found)
    inside = fill(
        "<label><span>{option}</span><select name=option>{letters}</select></label>"
        "<label><span>{why}</span><input name=reason maxlength={most}></label>",
        option=msg("Option"), letters=letters, why=msg("Reason; leave it empty to take the veto back"), most=MOST_REASON,
    )  # fmt: skip
    own = form(f"/c/{room.code}/veto", inside, msg("Veto"), "small", round=state.round)
    return fill("<details><summary>{title}</summary>{own}</details>", title=msg("Finance: veto an option"), own=own)


# --- what is sent ---


def commit(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Commit the team to the option that was chosen, as it was shown."""
    state, round, letter = room.state, round_of(sent), sent.get("option", "")
    key = once(sent, sorted(sent.items()))
    actions = [
        {
            "text": sent[f"action{k}"],
            "owner": sent.get(f"owner{k}", ""),
            "due": round_of({"round": sent.get(f"due{k}", "")}),
        }
        for k in range(1, MOST_ACTIONS + 1)
        if sent.get(f"action{k}", "").strip()
    ]
    is_new = round == state.round and round not in state.teams[player.team].committed
    if is_new and sent.get("seen") != _seen(state, player.team):
        raise RefusedError(msg("somebody has changed a plan since; look at the options again"))
    values = values_of_option(room, player.team, letter) if is_new else {}
    room.front.commit(player.id, round, letter, values, sent.get("reason", ""), actions, key)
    after_commit(room.front, round)


def values_of_option(room: Class, team: str, letter: str) -> Mapping[str, float]:
    """The values that an option decides, by its letter."""
    from dashboard.classroom.room import month_stamp

    found = {name: values for name, _, _, values in options_of(room.front, team)}
    own = room.drafts.get((team, month_stamp(room.state)))
    if own is not None:
        found[OWN_LETTER] = {key: value for key, value in own.items() if is_decision(key)}
    if letter not in found:
        raise RefusedError(
            msg(
                "there is no option {letter}; choose one of {letters}",
                letter=repr(letter[:10]),
                letters=listed(found, ", "),
            )
        )
    return found[letter]


def draw_up(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Have an option of the team's own simulated."""
    if round_of(sent) != room.state.round:
        raise RefusedError(msg("this round is over; look at the page again"))
    draft(room, player.team, values_of(sent))


def veto(room: Class, player: Player, sent: Mapping[str, str]) -> None:
    """Veto an option, or take the veto back."""
    room.front.veto(player.id, round_of(sent), sent.get("option", ""), sent.get("reason", ""))
