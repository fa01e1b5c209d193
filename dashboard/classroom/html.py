"""Write the things of the training room as HTML: every text is escaped, every sentence in the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from dashboard.words import HTML
from simulator.classroom.roles import AGENDA, Cell, Field, Figure, Section, Sheet
from simulator.kernel.messages import LANGUAGES, Message, Text, msg, number, percent, spoken, written

BLANK = Markup("")


def fill(form: str, /, **values: Any) -> Markup:
    """A piece of HTML with values in its slots; what is no HTML itself is escaped."""
    return Markup(form).format(**{name: as_shown(value) for name, value in values.items()})


def as_shown(value: Any) -> Any:
    """A value as a page shows it: sentences and names in the reader's language."""
    return value if isinstance(value, Markup | int | float) else escape(written(value))


def join(parts: Iterable[Markup]) -> Markup:
    """Pieces one behind the other."""
    return Markup("").join(parts)


def paragraphs(texts: Iterable[Text], kind: str = "p") -> Markup:
    """Each text on its own."""
    return join(fill(f"<{kind}>{{text}}</{kind}>", text=text) for text in texts)


def figure(one: Figure) -> Markup:
    """A figure with its unit, marked where it is off limits."""
    shown = percent(one.value, one.places) if one.percent and one.value is not None else _amount(one.value, one.places)
    return fill(
        '<div class="figure{alarm}"><span>{label}</span><b>{value} {unit}</b></div>',
        alarm=Markup(" red") if one.alarm else BLANK,
        label=one.label,
        value=shown,
        unit="" if one.percent else one.unit,
    )


def _amount(value: float | None, places: int = 0) -> Any:
    return "–" if value is None else number(value, places)


def cell(one: Cell, is_share: bool = False) -> Markup:
    """A cell of a table; red ones say so in words, too."""
    value: Any = one.value
    if isinstance(value, float | int):
        value = percent(value) if is_share or one.share else number(value)
    clash = fill(' <i title="{why}">⚠</i>', why=one.note or msg("off limits")) if one.red else BLANK
    kinds = " ".join([*(["red"] if one.red else []), *(["words"] if isinstance(one.value, Message | str) else [])])
    return fill(
        "<td{kinds}>{value}{clash}</td>",
        kinds=Markup(f' class="{kinds}"') if kinds else BLANK,
        value="–" if value is None else value,
        clash=clash,
    )


def sheet(one: Sheet) -> Markup:
    """A table under its title; it scrolls by itself on a narrow screen."""
    of_shares = bool(one.unit) and written(one.unit) == written(msg("share"))
    shares = [of_shares or written(column) == written(msg("Served on the day")) for column in one.columns]
    head = join(fill("<th scope=col>{title}</th>", title=title) for title in one.columns)
    rows = join(
        fill("<tr><th scope=row>{name}</th>{cells}</tr>", name=name, cells=join(map(cell, cells, shares)))
        for name, cells in one.rows
    )
    title = (
        fill("{title} ({unit})", title=one.title, unit=one.unit)
        if one.unit and not of_shares
        else fill("{title}", title=one.title)
    )
    return fill(
        '<div class="wide" tabindex=0><table><caption>{title}</caption>'
        "<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>",
        title=title, head=head, rows=rows,
    )  # fmt: skip


def section(one: Section) -> Markup:
    """A part of a screen."""
    title = fill("<h3>{title}</h3>", title=one.title) if one.title else BLANK
    return fill(
        "<section>{title}{sentences}<div class=figures>{figures}</div>{tables}</section>",
        title=title,
        sentences=paragraphs(one.sentences),
        figures=join(map(figure, one.figures)),
        tables=join(map(sheet, one.tables)),
    )


def inputs(fields: Sequence[Field], values: dict[str, float]) -> Markup:
    """Inputs for fields, group by group and thing by thing: prefilled, with the recommendation and the limits."""
    groups: dict[str, dict[str, list[Field]]] = {}
    for each in fields:
        title = each.group or each.label
        groups.setdefault(written(title), {}).setdefault(written(each.about), []).append(each)
    return join(
        fill(
            "<fieldset><legend>{title} <small>{unit}</small></legend>{note}{inside}</fieldset>",
            title=title,
            unit=next(iter(found.values()))[0].unit,
            note=fill("<small>{note}</small>", note=note) if (note := next(iter(found.values()))[0].note) else BLANK,
            inside=join(_row_of(about, own, values) for about, own in found.items()),
        )
        for title, found in groups.items()
    )


def _row_of(about: str, fields: Sequence[Field], values: dict[str, float]) -> Markup:
    if fields[0].key.startswith(AGENDA):
        return _tick(fields[0], bool(values.get(fields[0].key)))
    return fill(
        "<div class=about><b>{about}</b><div class=cells>{cells}</div></div>",
        about=about, cells=join(_input(each, values) for each in fields),
    )  # fmt: skip


def _input(one: Field, values: dict[str, float]) -> Markup:
    value = values.get(one.key, one.default)
    places = 0 if one.step >= 1 else 2
    limits: Text = ""
    if one.high is not None:
        limits = msg("allowed {low} to {high}", low=number(one.low or 0, places), high=number(one.high, places))
    elif one.low:
        limits = msg("at least {low}", low=number(one.low, places))
    advice = (
        msg("no limit recommended") if one.default is None else msg("recommended {n}", n=number(one.default, places))
    )
    label = one.label if one.group and written(one.group) != written(one.label) else BLANK
    return fill(
        "<label><small>{label}</small>"
        '<input type=number step=any inputmode=decimal name="v:{key}" aria-label="{about}: {whole}" value="{value}"{low}{high}>'
        "<small>{advice}</small>{limits}</label>",
        about=one.about, label=label, whole=one.label, key=Markup(escape(one.key)),
        value=BLANK if value is None else Markup(f"{value:.10g}"),
        low=BLANK if one.low is None else Markup(f' min="{one.low:.10g}"'),
        high=BLANK if one.high is None else Markup(f' max="{one.high:.10g}"'),
        advice=advice, limits=fill("<small class=limits>{limits}</small>", limits=limits) if limits else BLANK,
    )  # fmt: skip


def _tick(one: Field, is_on: bool) -> Markup:
    return fill(
        '<label class=touch><input type=checkbox name="v:{key}" value=1{on}><span>{about}</span></label>',
        key=Markup(escape(one.key)), about=one.about, on=Markup(" checked") if is_on else BLANK,
    )  # fmt: skip


def form(address: str, inside: Markup, button: Text, kind: str = "", **hidden: Any) -> Markup:
    """A form that may be sent again and again, and counts once."""
    fields = {"key": secrets.token_urlsafe(9), **hidden}
    own = join(
        fill('<input type=hidden name="{name}" value="{value}">', name=Markup(n), value=str(v))
        for n, v in fields.items()
    )
    last = fill("<button{kind}>{button}</button>", kind=Markup(f' class="{kind}"') if kind else BLANK, button=button)
    return fill(
        '<form method=post class=live action="{address}">{own}{inside}{last}<output role=status></output></form>',
        address=address, own=own, inside=inside, last=last,
    )  # fmt: skip


def page(title: Text, body: Markup, home: str = "", kind: str = "phone", mark: str = "") -> str:
    """A whole page; `home` is where it asks for news."""
    language = spoken().language
    other = join(
        fill('<a href="?lang={code}" lang="{html}">{name}</a>', code=Markup(code), html=Markup(HTML[code]), name=Markup(name))
        for code, name in LANGUAGES.items()
        if code != language
    )  # fmt: skip
    return str(
        fill(
            '<!doctype html><html lang="{language}"><head><meta charset=utf-8><title>{title}</title>'
            '<meta name=viewport content="width=device-width, initial-scale=1"><link rel=icon href="data:,">'
            '<link rel=stylesheet href="/look/class.css"><script src="/look/class.js" defer></script></head>'
            '<body class="{kind}" data-home="{home}" data-mark="{mark}" data-lost="{lost}" data-sent="{sent}" data-fault="{fault}">'
            "<main id=main>{body}</main><footer>{other}</footer></body></html>",
            language=Markup(HTML[language]), title=title, kind=Markup(kind), home=home, mark=mark, body=body, other=other,
            lost=msg("No connection; it is sent again by itself. Nothing is lost."), sent=msg("Sending ..."),
            fault=msg("This failed, which is a fault of the program. Nothing was lost; reload the page."),
        )
    )  # fmt: skip


def refusal(text: Text) -> Markup:
    """One sentence that says what is wrong."""
    return fill("<p class=wrong role=alert>{text}</p>", text=text)


def waiting() -> Markup:
    """Say that it is being worked out."""
    return fill("<p class=wait>{text}</p>", text=msg("One moment ..."))
