"""What demand management says of the market: deals by stage, what is announced, targets, and how customers feel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engine.departments.pipeline import stage_names
from simulator.faces.documents import roles
from simulator.faces.documents.month import DEMAND, Month
from simulator.faces.documents.paper import Figure, Section, beside, said
from simulator.faces.documents.phrases import against, listed, percent, units
from simulator.kernel.units import Array
from simulator.results.reading import ratio


def pipeline(month: Month) -> Section | None:
    """Deals in sight by stage, in full and as the sales team states them."""
    full, stated = month.noted("in sight by stage"), month.noted("in sight by stage, as stated")
    if full is None or stated is None:
        return None
    names = stage_names(month.company)
    amount, weighted = full.sum(axis=1), stated.sum(axis=1)
    chance = np.where(amount > 0.5, ratio(weighted, amount), np.nan)
    figures = {Figure("in sight"): amount, Figure("as stated"): weighted, Figure("stated chance", "share"): chance}
    text = f"{units(float(amount.sum()))} are in sight, {units(float(weighted.sum()))} by the chances that are stated."
    return Section(
        "Pipeline by stage", roles.SALES, said(text, _record(month)), [beside("Stage", "stage", names, figures)]
    )


def _record(month: Month) -> str:
    """How honest the chances were, over all that was decided so far."""
    end = month.span(month.index)[0]
    decided, won, stated = (month.memo(name, 0, end) for name in ("decided", "won", "stated"))
    if decided is None or won is None or stated is None or decided.sum() < 1:
        return ""
    count = float(decided.sum())
    return (
        f"Of {count:.0f} deals decided so far {percent(won.sum() / count)} were won; "
        f"{percent(stated.sum() / count)} had been stated when they came into sight."
    )


def announced(month: Month) -> Section | None:
    """What is announced for the months ahead, as a factor on usual demand."""
    market = month.books.scenario.market
    if market is None:
        return None
    course = market.told(month.held[DEMAND])[month.index : month.index + len(month.ahead)]
    told: dict[str, list[str]] = {}
    for k in np.flatnonzero((np.abs(course - 1) > SEEN).any(axis=0)):
        told.setdefault(_course(course[:, k], month), []).append(month.n.products[k])
    texts = [f"{', '.join(names)}: {text}." for text, names in told.items()]
    return Section("Announced for the months ahead", roles.SALES, said(*texts)) if texts else None


def _course(course: Array, month: Month) -> str:
    """The months in which demand is moved, and by how much."""
    parts = [
        f"{percent(abs(factor - 1))} {'more' if factor > 1 else 'less'} in {name}"
        for name, factor in zip(month.ahead, course, strict=False)
        if abs(factor - 1) > SEEN
    ]
    return listed(parts[:MOST]) + (f", and so on for {len(parts) - MOST} months more" if len(parts) > MOST else "")


MOST = 4
"""Months that are told one by one."""

SEEN = 0.005
"""A smaller share of usual demand is not worth a word."""


def sales_and_customers(month: Month) -> Section | None:
    """How the sales team stood against its targets last month, and how loyal customers are."""
    if month.index == 0:
        return None
    texts = [*_targets(month), *_loyalty(month)]
    return Section("Targets and customers", roles.SALES, said(*texts)) if texts else None


def _targets(month: Month) -> Iterator[str]:
    first, end = month.span(month.index - 1)
    target, alerts, pushed = (month.memo(name, first, end) for name in ("target", "alerts", "pushed"))
    if target is None or alerts is None or pushed is None:
        return
    signed = month.flow("signed", first, end).sum(axis=1)
    for name, asked, sold, warned, pulled in zip(
        month.n.segments, target, signed, alerts, pushed.sum(axis=1), strict=True
    ):
        if asked > 0.5:
            said_so = f"; {warned:.0f} weekly alerts were raised" if warned else ""
            forward = f"; {units(pulled)} of them were pulled forward from this month" if pulled > 0.5 else ""
            yield f"Customers {name} signed {units(sold)}, {against(sold, asked, 'the target')}{said_so}{forward}."


def _loyalty(month: Month) -> Iterator[str]:
    level = month.books.memos.get("loyalty")
    if level is None:
        return
    now = level[month.span(month.index)[0] - 1, :, month.lane]
    for name, share in zip(month.n.segments, now, strict=True):
        record = month.company.segments[name].loyalty
        if record:
            lost = record.customers * (1 - share)
            yield f"Loyalty of {name} stands at {percent(share)}: {lost:,.0f} of {record.customers:,} customers are lost."
