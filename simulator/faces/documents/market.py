"""Report the market as demand management sees it: deals by stage, announcements, targets, and the mood of customers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.departments.pipeline import stage_names
from simulator.faces.documents import roles
from simulator.faces.documents.paper import SHARE, STAGE, Figure, Section, beside, said
from simulator.faces.documents.phrases import TARGET, against, units
from simulator.kernel.messages import Message, Value, listed, msg, number, percent
from simulator.kernel.units import Array
from simulator.results.reading import ratio
from simulator.results.reading.month import DEMAND, Month


def pipeline(month: Month) -> Section | None:
    """Deals in sight by stage, in full and as the sales team states them."""
    full, stated = month.noted("in sight by stage"), month.noted("in sight by stage, as stated")
    if full is None or stated is None:
        return None
    names = stage_names(month.company)
    amount, weighted = full.sum(axis=1), stated.sum(axis=1)
    chance = np.where(amount > 0.5, ratio(weighted, amount), np.nan)
    figures = {
        Figure(msg("in sight")): amount,
        Figure(msg("as stated")): weighted,
        Figure(msg("stated chance"), SHARE): chance,
    }
    text = msg(
        "{units} are in sight, {stated} by the chances that are stated.",
        units=units(float(amount.sum())),
        stated=units(float(weighted.sum())),
    )
    grid = beside(msg("Stage"), STAGE, names, figures)
    return Section(msg("Pipeline by stage"), roles.SALES, said(text, _record(month)), [grid])


def _record(month: Month) -> Message:
    """Hold the stated chances against the deals won, over all that was decided so far."""
    end = month.span(month.index)[0]
    decided, won, stated = (month.memo(name, 0, end) for name in ("decided", "won", "stated"))
    if decided is None or won is None or stated is None or decided.sum() < 1:
        return msg("")
    count = float(decided.sum())
    return msg(
        "Of {n} deals decided so far {won} were won; {stated} had been stated when they came into sight.",
        n=number(count),
        won=percent(won.sum() / count),
        stated=percent(stated.sum() / count),
    )


def announced(month: Month) -> Section | None:
    """List the events announced for the months ahead, as a factor on usual demand."""
    market = month.books.scenario.market
    if market is None:
        return None
    course = market.told(month.held[DEMAND])[month.index : month.index + len(month.ahead)]
    told: dict[Message, list[str]] = {}
    for k in np.flatnonzero((np.abs(course - 1) > SEEN).any(axis=0)):
        told.setdefault(_course(course[:, k], month), []).append(month.n.products[k])
    texts = [msg("{products}: {course}.", products=listed(names, ", "), course=text) for text, names in told.items()]
    return Section(msg("Announced for the months ahead"), roles.SALES, said(*texts)) if texts else None


def _course(course: Array, month: Month) -> Message:
    """The months in which demand is moved, and by how much."""
    parts = [_moved(factor, name) for name, factor in zip(month.ahead, course, strict=False) if abs(factor - 1) > SEEN]
    shown = listed(parts[:MOST])
    if len(parts) <= MOST:
        return msg("{moves}", moves=shown)
    return msg("{moves}, and so on for {n} months more", moves=shown, n=len(parts) - MOST)


def _moved(factor: float, month: str) -> Message:
    share = percent(abs(factor - 1))
    if factor > 1:
        return msg("{share} more in {month}", share=share, month=month)
    return msg("{share} less in {month}", share=share, month=month)


MOST = 4
"""Months that are told one by one."""

SEEN = 0.005
"""A smaller share of usual demand is not worth a word."""


def sales_and_customers(month: Month) -> Section | None:
    """Report how the sales team stood against its targets last month, and how loyal customers are."""
    if month.index == 0:
        return None
    texts = [*_targets(month), *_loyalty(month)]
    return Section(msg("Targets and customers"), roles.SALES, said(*texts)) if texts else None


def _targets(month: Month) -> Iterator[Message]:
    first, end = month.span(month.index - 1)
    target, alerts, pushed = (month.memo(name, first, end) for name in ("target", "alerts", "pushed"))
    if target is None or alerts is None or pushed is None:
        return
    signed = month.flow("signed", first, end).sum(axis=1)
    for name, asked, sold, warned, pulled in zip(
        month.n.segments, target, signed, alerts, pushed.sum(axis=1), strict=True
    ):
        if asked > 0.5:
            facts: list[Value] = [
                msg(
                    "Customers {segment} signed {units}, {against}",
                    segment=name,
                    units=units(sold),
                    against=against(sold, asked, TARGET),
                )
            ]
            if warned:
                facts.append(msg("{n} weekly alerts were raised", n=number(warned)))
            if pulled > 0.5:
                facts.append(msg("{units} of them were pulled forward from this month", units=units(pulled)))
            yield msg("{facts}.", facts=listed(facts, "; "))


def _loyalty(month: Month) -> Iterator[Message]:
    level = month.books.memos.get("loyalty")
    if level is None:
        return
    now = level[month.span(month.index)[0] - 1, :, month.lane]
    for name, share in zip(month.n.segments, now, strict=True):
        record = month.company.segments[name].loyalty
        if record:
            lost = record.customers * (1 - share)
            yield msg(
                "Loyalty of {segment} stands at {share}: {lost} of {customers} customers are lost.",
                segment=name,
                share=percent(share),
                lost=number(lost),
                customers=number(record.customers),
            )
