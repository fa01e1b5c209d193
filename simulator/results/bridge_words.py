"""Say what S&OP and its parts earn, where the money comes from, what else moved, and what the meetings cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.kernel.messages import Message, Value, capital, inside, listed, msg, number, rounded
from simulator.kernel.units import Array
from simulator.results.bridge import BRIDGE_REASONS, Bar, Bridge
from simulator.results.equal_service import Outcome
from simulator.results.equal_words import at_target_words, outcome_words
from simulator.results.estimates import estimate, moved_together
from simulator.results.kpis import MEASURES
from simulator.results.kpis.sources import SOURCES
from simulator.results.meeting_cost import meeting_hours_a_year, meetings_cost
from simulator.results.money_words import interval_words, largest_sources
from simulator.results.under_contract import ALL_STOCK, CALM, MONEY, SERVICE_LEVEL

SEEN = 0.0005
"""A share of which a sentence speaks at least: what is less rounds to nothing."""

SOURCES_NAMED = 2
"""Sources of profit that a sentence names, the largest first."""


def whole_words(found: Bridge) -> Iterator[Message]:
    """Say what all elements together earn, in how many runs, and what the hours of the meetings cost beside it."""
    if not found.reasons:
        return
    every = frozenset(part.name for part in found.parts)
    gained = found.reasons[every] - found.reasons[frozenset()]
    money, currency = gained[BRIDGE_REASONS.index(MONEY)], found.scenario.company.currency
    told = estimate(money)
    if found.money_as_scored:  # what a run earned is told by what came in it, moved by the mean of the miss alone
        money = moved_together(found.money_as_scored[every] - found.money_as_scored[frozenset()], money)
    slots: dict[str, Value] = {"base": found.base.name, "full": found.end, "currency": currency}
    slots |= {"gap": interval_words(told), "share": number(100 * float((money > 0).mean()))}
    slots["months"] = number(found.scenario.experiment.months - found.scenario.experiment.warm_up)
    yield msg(
        "From {base} to {full}: {gap} {currency} a year before absorption; it pays in {share} of 100 runs of {months} months.",
        **slots,
    )
    yield from _meetings(found, told.mean)
    if found.at is not None:
        yield msg("{sentence}.", sentence=capital(at_target_words(found.at)))


def _meetings(found: Bridge, earned: float) -> Iterator[Message]:
    """Say what meetings cost beyond those of the base policy, and how that compares with what is earned."""
    finance, every = found.scenario.company.finance, frozenset(part.name for part in found.parts)
    full = found.policy_of(every, found.end)
    hours = meeting_hours_a_year(finance, full) - meeting_hours_a_year(finance, found.base)
    cost = meetings_cost(finance, full) - meetings_cost(finance, found.base)
    if cost <= 0:
        return
    slots: dict[str, Value] = {"hours": rounded(hours, signed=False), "cost": rounded(cost, signed=False)}
    slots |= {"currency": found.scenario.company.currency, "left": rounded(earned - cost)}
    yield msg(
        "Its meetings take people {hours} hours a year, {cost} {currency} "
        "outside all statements (finance.meeting_hours); {left} {currency} a year are left.",
        **slots,
    )


def bar_words(found: Bridge, bar: Bar) -> Message | None:
    """Say what an element or block earns and what moved with it; then what it does alone, and what is lost without it.

    Nothing where the reasons were not kept, or where the element has no effect at all.
    """
    why = found.why.get(bar.name)
    if why is None or not np.nan_to_num(why.share).any():
        return None
    row, currency = BRIDGE_REASONS.index(MONEY), found.scenario.company.currency
    share, alone, last = (estimate(reading[row]) for reading in (why.share, why.alone, why.last))
    slots: dict[str, Value] = {"title": capital(msg(bar.title)), "currency": currency, "gap": interval_words(share)}
    slots |= {"moved": listed(_moved(why.share, currency), "; ")}
    slots |= {"alone": interval_words(alone), "last": interval_words(last)}
    if not share.is_told:
        return msg(
            "{title}: no sure effect on profit, {gap} {currency} a year ({moved}). Only this: {alone}; as the last one: {last}.",
            **slots,
        )
    if share.mean < 0:
        return msg(
            "{title} costs: {gap} {currency} a year ({moved}). Only this: {alone}; as the last one: {last}.", **slots
        )
    return msg(
        "{title} earns: {gap} {currency} a year ({moved}). Only this: {alone}; as the last one: {last}.", **slots
    )


def _moved(share: Array, currency: str) -> Iterator[Message]:
    """The largest sources of profit that moved, then service, stock and steadiness where they surely did."""
    parts = [(name, estimate(share[BRIDGE_REASONS.index(name)])) for name in SOURCES]
    yield from largest_sources(parts, SOURCES_NAMED)
    for name in (SERVICE_LEVEL, ALL_STOCK, CALM):
        part = estimate(share[BRIDGE_REASONS.index(name)])
        if not part.is_told or (name != ALL_STOCK and abs(part.mean) < SEEN):
            continue
        what = inside(msg(MEASURES[name].title))
        if name != ALL_STOCK:
            yield msg("{what} {gap} points", what=what, gap=number(100 * part.mean, 1, signed=True))
        else:
            yield msg("{what} {gap} {currency}", what=what, gap=rounded(part.mean), currency=currency)


def idle_words(found: Bridge) -> Message | None:
    """Name in one line the elements that change nothing here."""
    names = [msg(part.title) for part in found.idle]
    return msg("No effect here: {names}.", names=listed(names, ", ")) if names else None


def step_words(found: Bridge, bar: Bar) -> Message | None:
    """Say why an element costs where it is switched on after those before it; nothing where it does not surely cost."""
    why = found.why.get(bar.name)
    gap = estimate(why.step[BRIDGE_REASONS.index(MONEY)]) if why else None
    if why is None or gap is None or not gap.is_told or gap.mean > 0:
        return None
    currency = found.scenario.company.currency
    return msg(
        "It costs {gap} {currency} a year here: {moved}.",
        gap=interval_words(gap),
        currency=currency,
        moved=listed(_moved(why.step, currency), "; "),
    )


def unequal_words(found: Bridge) -> list[Message]:
    """Say how many combinations are not at the target, and who is the furthest from it."""
    told: list[Message] = []
    for outcome in (Outcome.OUT_OF_REACH, Outcome.ABOVE):
        mine = {on: one for on, one in found.unequal.items() if one.outcome is outcome}
        if mine:
            on, one = min(mine.items(), key=lambda item: (dict(item[1].tried)[item[1].setting], sorted(item[0])))
            example = outcome_words("+".join([found.base.name, *sorted(on)]), one) or msg("")
            counts = {"n": number(len(mine)), "all": number(len(found.tuned))}
            told.append(
                msg(
                    "{n} of {all} combinations do not come to the target, such as: {example}", **counts, example=example
                )
                if outcome is Outcome.OUT_OF_REACH
                else msg(
                    "{n} of {all} combinations are beyond it without any buffer, such as: {example}",
                    **counts,
                    example=example,
                )
            )
    return [msg("{sentence}.", sentence=capital(one)) for one in told]


def told_of(found: Bridge) -> dict[str, list[Message]]:
    """All that is said of a bridge: of the whole, of its blocks, of its elements."""
    idle = idle_words(found)
    blocks = [words for bar in found.block_bars if (words := bar_words(found, bar))]
    alone = {block.name for block in found.blocks if len(block.elements) == 1}
    parts = [words for bar in found.bars if bar.block not in alone and (words := bar_words(found, bar))]
    return {"whole": [*whole_words(found)], "blocks": blocks, "elements": [*parts, *([idle] if idle else [])]}
