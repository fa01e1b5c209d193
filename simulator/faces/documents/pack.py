"""The pack of a month, three pages: what happened, what must be decided, what was decided and is due."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.faces.documents.actions import ROUTINE, Action, below_plan, tasks
from simulator.faces.documents.cash import cash_decides, cash_told
from simulator.faces.documents.causes import plan_not_kept
from simulator.faces.documents.executive_meeting import (
    approved,
    changed_production,
    changed_purchasing,
    holds_from,
    purchase_plan,
)
from simulator.faces.documents.issues import issues_put, open_issues
from simulator.faces.documents.paper import FAMILY, SHARE, Document, Figure, Point, Section, beside, said
from simulator.faces.documents.plans import expected_grid
from simulator.faces.documents.pre_meeting import purchase_plan_recommended, purchases, recommended
from simulator.faces.documents.recommendation import option_grid, why
from simulator.faces.documents.register import last_actions
from simulator.faces.documents.sales_report import closed, sold
from simulator.faces.documents.supply_plan import no_family_plan
from simulator.kernel.messages import Message, Text, listed, msg
from simulator.results.reading import AgainstPlan
from simulator.results.reading.capacity import Needs
from simulator.results.reading.last_month import LastMonth, last_month
from simulator.results.reading.meeting import Options, production_change, purchasing_change
from simulator.results.reading.month import EXECUTIVE, PRE_MEETING, Month

YEAR = 12
"""Cycles that are looked back on for actions that come again and again."""


def pages(month: Month) -> list[Document]:
    """The three pages; where the bank sets a limit, cash stands first, and among what must be decided where it is at risk."""
    return [_happened(month), _to_decide(month), _decided(month)]


def _cash(month: Month) -> Section | None:
    """Say how low cash falls against the credit line."""
    has_line = month.company.finance.credit_line is not None
    heading = msg("Cash") if cash_decides(month) else ""
    return Section(heading, "", said(*cash_told(month))) if has_line else None


def _cash_at_risk(month: Month) -> Section | None:
    """Say what must be decided on where the credit line does not hold for sure, and what helps."""
    return Section(msg("Cash"), "", said(*list(cash_told(month))[-1:])) if cash_decides(month) else None


def _page(name: str, title: Message, sections: list[Section | None], month: Month, step: int) -> Document:
    return Document(name, title, [section for section in sections if section], month.date(step))


# --- what happened and why ---


def _happened(month: Month) -> Document:
    last = last_month(month)
    if last is None:
        nothing = msg("The run begins here: there is no month to look back on.")
        sections: list[Section | None] = [Section("", "", said(nothing))]
    else:
        off = below_plan(month) or [msg("All key figures are on target.")]
        sections = [
            _cash(month),
            Section(msg("Key figures off target"), "", said(*off)),
            _families(last),
            Section(
                msg("The month {month}", month=last.name),
                "",
                [*said(sold(last), closed(last)), *plan_not_kept(last).points],
            ),
        ]
    return _page("what_happened", msg("1. What happened and why"), sections, month, PRE_MEETING)


def _families(last: LastMonth) -> Section:
    """Families that did not keep their plan, served too little, owe something or are short of safety stock."""
    heading, rows = msg("Families off plan"), last.missed
    if not rows:
        return Section(heading, "", said(msg("None.")))
    figures = {
        Figure(msg("orders to plan"), SHARE, signed=True): AgainstPlan(last.sales, last.planned_sales).deviation,
        Figure(msg("made to plan"), SHARE, signed=True): last.production_kept,
        Figure(msg("served on the day"), SHARE): last.fill_rate,
        Figure(msg("owed")): last.owed,
        Figure(msg("on hand")): last.stock,
        Figure(msg("safety stock")): last.safety_stock_of_family,
    }
    names, mine = [last.now.families[k] for k in rows], {each: values[rows] for each, values in figures.items()}
    return Section(heading, "", (), [beside("", FAMILY, names, mine, last.name)])


# --- what must be decided ---


def _to_decide(month: Month) -> Document:
    sections = [_cash_at_risk(month), _choice(month), _expected(month), _issues(month)]
    return _page("what_must_be_decided", msg("2. What must be decided"), sections, month, EXECUTIVE)


def _choice(month: Month) -> Section:
    heading, bought = msg("Options"), list(purchases(month))
    if not month.has_family_plan:
        plan = purchase_plan_recommended() if month.has_purchase_plan else no_family_plan(month)
        return Section(heading, "", said(plan, *bought))
    options = Options(month)
    if not options.others or options.are_alike:
        return Section(heading, "", said(why(options), *bought))
    return Section(
        heading,
        "",
        said(recommended(options), *bought),
        [option_grid(options, ranges=False)],
    )


def _expected(month: Month) -> Section | None:
    grid = expected_grid(month)
    return None if grid is None else Section(msg("To be expected of the plan that was approved"), "", (), [grid])


def _issues(month: Month) -> Section:
    texts = issues_put(month) or [msg("No open issue: the meeting confirms the plan.")]
    return Section(msg("Open issues"), "", said(*texts))


# --- what was decided and is due ---


def _decided(month: Month) -> Document:
    issues = list(_issues_decided(month))
    sections = [
        last_actions(month, again=False),
        Section(msg("Decision"), "", said(*_plans(month))),
        Section(msg("Open issues, as numbered above"), "", said(*issues)) if issues else None,
        *_due(month),
    ]
    return _page("what_was_decided", msg("3. What was decided and is due"), sections, month, EXECUTIVE)


def _issues_decided(month: Month) -> Iterator[Message]:
    """The decisions on open issues, each with the numbers of those that it settles."""
    settled: dict[Message, list[int]] = {}
    for k, each in enumerate(open_issues(month), start=1):
        settled.setdefault(each.decided, []).append(k)
    for decided, issues in settled.items():
        yield msg("{issues}: {decided}.", issues=listed(issues), decided=decided)


def _plans(month: Month) -> Iterator[Message]:
    """The approved option and what it changes."""
    if month.has_family_plan:
        plan = production_change(month)
        yield approved(Options(month))
        yield holds_from(month)
        yield msg("This is the first plan: it replaces none.") if plan.is_first else changed_production(month, plan)
    elif month.has_purchase_plan:
        yield from purchase_plan(month)
    needs = Needs(month)
    if needs.names and month.policy.supply_plan.name != "none":
        bought = purchasing_change(month)
        if not bought.is_first:
            yield changed_purchasing(month, needs, bought.difference)


def _due(month: Month) -> Iterator[Section]:
    """Actions that are new in full; those of last month too in a line each, but for what is done every month."""
    found = [each for each in tasks(month) if each.name not in ROUTINE]
    since = _cycles_in_a_row(month, found)
    new = [each.point for each in found if not since[each.name]]
    again = [each for each in found if since[each.name]]
    if new:
        yield Section(msg("New actions"), "", new)
    if again:
        yield Section(msg("Actions that stand again, with other figures"), "", list(_again(again, since)))
    if not found:
        yield Section(msg("Actions"), "", said(msg("None but those of every month.")))


def _again(actions: list[Action], before: dict[Message, int]) -> Iterator[Point]:
    """Name them owner by owner, each with its date and the months that it stands there."""
    by_owner: dict[Text, dict[Message, Message]] = {}
    for name, point, _ in actions:
        if point.due is not None:
            text = msg("{action} (due {date}, {n} times in a row)", action=name, date=point.due, n=before[name] + 1)
            by_owner.setdefault(point.owner, {}).setdefault(name, text)
    for owner, texts in by_owner.items():
        yield Point(msg("{facts}.", facts=listed(texts.values(), "; ")), owner)


def _cycles_in_a_row(month: Month, actions: list[Action]) -> dict[Message, int]:
    """Count the cycles in a row, up to the last one, that had an action of the same name."""
    since = dict.fromkeys((each.name for each in actions), 0)
    held = [made for made in month.plans.made_in if made < month.index][-YEAR:]
    for back, made in enumerate(reversed(held)):
        there = {each.name for each in tasks(Month(month.books, made, month.lane))}
        for name in [name for name, count in since.items() if count == back and name in there]:
            since[name] = back + 1
        if back + 1 not in since.values():
            break
    return since
