"""Luck apart from skill in one picture: a dot, what happened, over a box, what the decisions were worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from dashboard.classroom.html import fill, join
from simulator.classroom.debrief.screens import luck_in_words
from simulator.kernel.lanes import TINY
from simulator.kernel.messages import msg, number

if TYPE_CHECKING:
    from simulator.classroom.debrief.luck import Luck

WIDTH, HEIGHT, EDGE = 640, 30, 10


def luck_picture(found: Sequence[Luck], currency: str) -> Markup:
    """A row for each team and policy, all on one scale."""
    low = min(min(each.happened, *each.box) for each in found)
    high = max(max(each.happened, *each.box) for each in found)

    def at(value: float) -> float:
        return EDGE + (WIDTH - 2 * EDGE) * (value - low) / max(high - low, TINY)

    rows = []
    for each in found:
        a, b, m, c, d = map(at, each.box)
        picture = Markup(
            f'<line x1="{a:.0f}" x2="{d:.0f}" y1=15 y2=15 class=axis /><rect x="{b:.0f}" width="{max(c - b, 1):.0f}" y=6 height=18 />'
            f'<line x1="{m:.0f}" x2="{m:.0f}" y1=6 y2=24 class=middle /><circle cx="{at(each.happened):.0f}" cy=15 r=6 />'
        )
        rows.append(
            fill(
                "<div class=luck><b>{name}</b> <small>{words}</small>"
                '<svg viewBox="0 0 {w} {h}" role=img aria-label="{words}">{p}</svg></div>',
                name=msg("policy {name}", name=each.name) if each.is_policy else each.name, words=luck_in_words(each),
                w=WIDTH, h=HEIGHT, p=picture,
            )
        )  # fmt: skip
    hint = msg(
        "Economic profit of the months that count, {low} to {high} {currency}. The box is what the decisions were worth in half of the "
        "other lucks, the line in eight of ten, the dot what came.",
        low=number(low), high=number(high), currency=currency,
    )  # fmt: skip
    return fill(
        "<section><h2>{title}</h2><p class=hint>{hint}</p>{rows}</section>",
        title=msg("Luck and skill"),
        hint=hint,
        rows=join(rows),
    )
