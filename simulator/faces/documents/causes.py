"""Causes of what was not made and not served last month, in a table, and the main ones in a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents import roles
from simulator.faces.documents.paper import TOTAL, Figure, Grid, Section, beside, said
from simulator.faces.documents.phrases import units
from simulator.kernel.messages import Message, Text, msg, percent
from simulator.results.reading import LITTLE, with_total
from simulator.results.reading.last_month import LastMonth
from simulator.results.reading.lost import Cause, LostTo

CAUSE_NAMES = {
    Cause.PARTS: msg("parts"),
    Cause.HOURS: msg("hours"),
    Cause.PURCHASES: msg("purchases"),
    Cause.QUALITY: msg("quality"),
    Cause.DEMAND: msg("demand"),
    Cause.RECORDS: msg("records"),
    Cause.PLAN: msg("plan"),
}
"""What tables call each cause."""

NOT_MADE_FIGURE, NOT_SERVED_FIGURE = Figure(msg("not made")), Figure(msg("not served on the day"))


def plan_not_kept(last: LastMonth) -> Section:
    """The section that a report opens with."""
    heading = msg("Why the plan was not kept: {month}", month=last.name)
    grids = [_grid(last)] if last.lost_to else []
    return Section(heading, roles.SOP, said(*_main_causes(last)), grids)


def _grid(last: LastMonth) -> Grid:
    """Units by cause, and in all."""
    made, served = last.lost_units
    figures = {NOT_MADE_FIGURE: with_total(made)} if last.now.has_family_plan else {}
    figures[NOT_SERVED_FIGURE] = with_total(served)
    names = [*(_named(each) for each in last.lost_to), TOTAL]
    return beside(msg("Not made and not served, by cause"), msg("cause"), names, figures, last.name)


def _named(each: LostTo) -> Text:
    """A cause, with the part or resource that it names."""
    name = CAUSE_NAMES[each.cause]
    return msg("{cause}: {name}", cause=name, name=each.name) if each.name else name


def _main_causes(last: LastMonth) -> Iterator[Message]:
    """Name what most hung on, of what was not made and of what was not served."""
    made, served = (float(each.sum()) for each in last.lost_units)
    if made >= LITTLE and last.now.has_family_plan:
        main = max(last.lost_to, key=lambda each: each.made)
        yield msg(
            "{units} of the production plan were not made, {share} of them because {cause}.",
            units=units(made),
            share=percent(main.made / made, 0),
            cause=_because(main, not_made=True),
        )
    if served >= LITTLE:
        main = max(last.lost_to, key=lambda each: each.served)
        yield msg(
            "{units} were not served on the day that they fell due, {share} of them because {cause}.",
            units=units(served),
            share=percent(main.served / served, 0),
            cause=_because(main),
        )
    if made < LITTLE and served < LITTLE:
        yield msg("No family made less than planned, and all that fell due was served on the day.")


def _because(main: LostTo, not_made: bool = False) -> Message:
    """A cause as a part of a sentence."""
    if main.cause == Cause.PARTS:
        return msg("{part} was missing", part=main.name)
    if main.cause == Cause.HOURS:
        return msg("hours of {resource} were missing", resource=main.name)
    if main.cause == Cause.PLAN and not_made:
        return msg("the plan was cut within the month, or the floor was not asked for them")
    return {
        Cause.PURCHASES: msg("bought products had not come in their usual time"),
        Cause.QUALITY: msg("more units were bad than was planned with"),
        Cause.DEMAND: msg("more fell due than was planned"),
        Cause.RECORDS: msg("stock was on record and not on the shelf"),
        Cause.PLAN: msg("too little was planned, or too late"),
    }[main.cause]
