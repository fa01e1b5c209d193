"""Say a comparison as an answer: the exchange of service against stock, all measures, each product, what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from simulator.faces.answer.definition import (
    FIGURE,
    OF_THE_FIGURE,
    SHARE,
    SPOTS,
    Chart,
    Column,
    Handout,
    Series,
    Table,
    definition_table,
    places_for,
)
from simulator.faces.describe import in_short
from simulator.kernel.messages import Message, Text, Value, in_currency, inside, listed, msg, number, percent
from simulator.kernel.version import VERSION
from simulator.results.equal_words import brought_words
from simulator.results.kpis import MEASURES
from simulator.results.under_contract import ALL_STOCK, SERVICE_LEVEL, price_of_calm, under_contract, verdict_sentences

if TYPE_CHECKING:
    from simulator.engine.scenario import Scenario
    from simulator.results.compare import Comparison

Called = Callable[[str], str]

PERCENT_UNITS = ("share", "probability")
EXCHANGED = (ALL_STOCK, "stock_value", "days_of_supply")
"""What service is exchanged for: the first of these that was measured."""


def answer_of_comparison(
    found: Comparison, decided: Comparison | None = None, called: Called = str, company: str = ""
) -> Handout:
    """The answer of a comparison; `decided` holds what the decision is taken by, where that was measured apart.

    `called` gives a column the name by which readers know it, `company` is theirs for the company.
    """
    judged = decided or found
    measures = list(dict.fromkeys(measure for measure, _ in [*found.rows, *judged.rows]))
    currency = found.scenario.company.currency
    return Handout(
        title=msg("Compare ways of planning"),
        question=_question(found, called, company or found.scenario.name),
        about=runs_of(found),
        verdict=list(_verdict(found, judged, called)),
        charts=[*_exchange(judged if _has(judged, SERVICE_LEVEL) else found, called)],
        tables=[*_tables(found, judged, called)],
        parts=_parts(found, judged, called),
        assumptions=list(_assumptions(found, company or found.scenario.name)),
        definitions=definition_table(measures, currency),
        remarks=found.cautions,
        made=made_of(found.scenario),
    )


def _question(found: Comparison, called: Called, company: str) -> Message:
    names = listed(map(called, found.columns), ", ")
    slots: dict[str, Value] = {"company": company, "names": names}
    if found.across == "scenario":
        return msg("How does {company} fare in these scenarios: {names}?", **slots)
    if found.at:
        return msg("Which way of planning suits {company} best at {target}: {names}?", target=found.at.words(), **slots)
    return msg("Which way of planning suits {company} best: {names}?", **slots)


def runs_of(found: Comparison) -> Message:
    """The runs behind an answer, in a sentence."""
    e = found.scenario.experiment
    return msg(
        "{n} runs of {months} months each, months {first} to {months} scored, all on the same luck (seed {seed}); intervals hold with 95 %",
        n=number(len(found.replications)),
        months=e.months,
        first=e.warm_up + 1,
        seed=f"{found.seed}",
    )


def _verdict(found: Comparison, judged: Comparison, called: Called) -> Iterator[Text]:
    """The decision where one can be taken; else what each column does against the first."""
    if found.across != "scenario" and under_contract(judged):
        yield from verdict_sentences(judged, called)
        if calm := price_of_calm(judged, called):
            yield calm
        yield from (each for each in [found.horizon(), *brought_words(judged, called)] if each)
        return
    yield from found.sentences() or [
        msg("No difference was asked for that a sentence could tell; the tables hold all figures")
    ]


def _has(found: Comparison, name: str) -> bool:
    return any(measure.name == name for measure, _ in found.rows)


def _exchange(found: Comparison, called: Called) -> Iterator[Chart]:
    """Service over stock, a point a column."""
    name = next((name for name in EXCHANGED if _has(found, name)), None)
    if found.by != "total" or not _has(found, SERVICE_LEVEL) or name is None:
        return
    unit = in_currency(MEASURES[name].unit, found.scenario.company.currency)
    levels = {
        column: (found.level(name, column).mean, found.level(SERVICE_LEVEL, column).mean) for column in found.columns
    }
    best = max(levels, key=lambda column: levels[column][1])
    least = min(levels, key=lambda column: levels[column][0])
    places = places_for([x for x, _ in levels.values()])
    both = msg(
        "{best} fills most ({fill}) and holds least ({stock} {unit})",
        best=called(best),
        fill=percent(levels[best][1]),
        stock=number(levels[best][0], places),
        unit=unit,
    )
    yield Chart(
        SPOTS,
        both
        if best == least
        else msg(
            "{best} fills most ({fill}), {least} holds least ({stock} {unit})",
            best=called(best),
            fill=percent(levels[best][1]),
            least=called(least),
            stock=number(levels[least][0], places),
            unit=unit,
        ),
        Column(msg("{measure}, {unit}", measure=msg(MEASURES[name].title), unit=unit), FIGURE, places),
        Column(msg("fill rate"), SHARE, 1),
        [Series(called(column), [x], [y]) for column, (x, y) in levels.items()],
    )


# --- tables ---


def _tables(found: Comparison, judged: Comparison, called: Called) -> Iterator[Table]:
    across = {"scenario": msg("scenario"), "alternative": msg("alternative")}.get(found.across, msg("policy"))
    if found.by == "total":
        yield _in_short(judged if _has(judged, SERVICE_LEVEL) else found, across, called)
    yield _long(found, across, called)
    if found.tuned:
        yield _settings(found, called)


def _in_short(found: Comparison, across: Message, called: Called) -> Table:
    """A row a column of the comparison, the first measures across."""
    wanted = (SERVICE_LEVEL, "contract_missed", ALL_STOCK, "stock_value", "production_change", "ebit_before_absorption")
    names = [name for name in wanted if _has(found, name)] or [measure.name for measure, _ in found.rows][:6]
    if ALL_STOCK in names and "stock_value" in names:
        names.remove("stock_value")
    currency = found.scenario.company.currency
    levels = {name: [found.level(name, column).mean for column in found.columns] for name in names}
    names = [name for name in names if any(value == value for value in levels[name])]
    columns = [Column(across), *(_column(name, levels[name], currency) for name in names)]
    rows = [(called(column), *(levels[name][k] for name in names)) for k, column in enumerate(found.columns)]
    return Table(msg("in short"), msg("What each way of planning does, on average"), columns, rows)


def _column(name: str, values: list[float], currency: str) -> Column:
    measure = MEASURES[name]
    if measure.unit in PERCENT_UNITS:
        return Column(msg(measure.title), SHARE, 1)
    unit = in_currency(measure.unit, currency)
    return Column(msg("{title}, {unit}", title=msg(measure.title), unit=unit), FIGURE, places_for(values))


def _long(found: Comparison, across: Message, called: Called) -> Table:
    """A row a measure and column: mean, interval, difference from the first with its interval, verdict."""
    currency, summary = found.scenario.company.currency, found.summary()
    heads = [Column(msg("what is measured")), Column(msg("unit"))]
    heads += [Column(msg(found.by))] if found.by != "total" else []
    heads += [Column(across)]
    figures = ("mean", "low", "high", "difference", "difference_low", "difference_high")
    words = (msg("mean"), msg("interval from"), msg("interval to"), msg("difference"), msg("from"), msg("to"))
    heads += [Column(word, FIGURE, OF_THE_FIGURE) for word in words]
    rows = []
    for row in summary.to_dict("records"):
        part = [str(row[found.by])] if found.by != "total" else []
        scale = 100.0 if row["unit"] in PERCENT_UNITS else 1.0
        unit = msg("%") if scale > 1 else in_currency(str(row["unit"]), currency)
        own = str(row[found.across])
        values = [float(row[name]) * scale for name in figures]
        verdict = msg(str(row["verdict"])) if row["verdict"] and own != found.columns[0] else ""
        rows.append((msg(str(row["title"])), unit, *part, called(own), *values, verdict))
    heads.append(Column(msg("verdict")))
    title = msg("Every measure, and the difference from {first}", first=called(found.columns[0]))
    return Table(msg("all measures"), title, heads, rows, brief=False)


def _settings(found: Comparison, called: Called) -> Table:
    """The setting that brought each column to the target, and what it then reached."""
    from simulator.results.equal_words import settings_table

    rows = [
        (
            called(row["policy"]),
            row["entry"],
            row["as_run"],
            row["setting"],
            row["target"],
            row["mean"],
            row["share_on_target"],
        )
        for row in settings_table(found.tuned).to_dict("records")
    ]
    heads = [
        Column(msg("policy")),
        Column(msg("entry")),
        Column(msg("as run"), FIGURE, 3),
        Column(msg("set to"), FIGURE, 3),
        Column(msg("target"), SHARE, 1),
        Column(msg("reached"), SHARE, 1),
        Column(msg("runs on target"), SHARE, 0),
    ]
    return Table(msg("settings"), msg("What brought each to the target"), heads, rows)


# --- parts ---


def _parts(found: Comparison, judged: Comparison, called: Called) -> Table | None:
    """Service and stock of each product under the way to take and under the first, the worst served first."""
    inner = found.inner or (found if found.by != "total" else None)
    if inner is None or not _has(inner, SERVICE_LEVEL):
        return None
    told = under_contract(judged)
    first = found.columns[0]
    take = told.take if told and told.take != first else found.columns[-1]
    groups = [group for measure, group in inner.rows if measure.name == SERVICE_LEVEL]
    service = {column: _means(inner, SERVICE_LEVEL, column) for column in dict.fromkeys((first, take, *inner.columns))}
    stock = {column: _means(inner, "stock_value", column) for column in inner.columns}
    order = sorted(
        groups, key=lambda group: (service[take][group] != service[take][group], service[take][group], group)
    )
    both = (first, take) if first != take else (first,)
    currency = found.scenario.company.currency
    families = {name: each.family for name, each in found.scenario.company.products.items()}
    with_family = inner.by == "product" and len(set(families.values())) > 1
    stocked = both if all(stock.values()) else ()
    others = [column for column in inner.columns if column not in both]
    heads = [Column(msg(inner.by)), *([Column(msg("family"))] if with_family else [])]
    heads += [Column(msg("fill rate, {policy}", policy=called(c)), SHARE, 1) for c in both]
    heads += [Column(msg("stock, {policy}, {currency}", policy=called(c), currency=currency), FIGURE) for c in stocked]
    heads += [Column(msg("fill rate, {policy}", policy=called(c)), SHARE, 1) for c in others]
    rows: list[list[Any]] = [
        [
            group,
            *([families.get(group, "")] if with_family else []),
            *(service[c][group] for c in both),
            *(stock[c][group] for c in stocked),
            *(service[c][group] for c in others),
        ]
        for group in order
    ]
    title = msg(
        "By {part}: the worst served under {take} first ({n} in all)",
        part=inside(msg(inner.by)),
        take=called(take),
        n=number(len(groups)),
    )
    return Table(msg("by {part}", part=inside(msg(inner.by))), title, heads, rows)


def _means(found: Comparison, name: str, column: str) -> dict[str, float]:
    """The mean of a measure by part; nothing where it is not told by part."""
    import numpy as np

    with np.errstate(all="ignore"):
        return {
            group: float(np.mean(values[known])) if (known := np.isfinite(values)).any() else float("nan")
            for (measure, group), values in zip(found.rows, found.found[column], strict=True)
            if measure.name == name
        }


# --- what it rests on ---


def _assumptions(found: Comparison, company: str) -> Iterator[Text]:
    scenario = found.scenario
    yield msg("{company}: {things}", company=company, things=in_short(scenario))
    if scenario.company.note:
        yield scenario.company.note
    yield from (each for each in scenario.assumed if each not in found.cautions)
    yield from scenario.notes
    changed = [
        msg("{entry} = {value}", entry=entry, value=f"{value}")
        for entry, value in scenario.changes
        if entry not in ("experiment.replications", "experiment.seed")  # the runs are told by themselves
    ]
    if changed:
        yield msg("changed for this answer: {entries}", entries=listed(changed, "; "))
    yield from found.legend()


def made_of(scenario: Scenario) -> list[tuple[Text, Text]]:
    """Record of the scenario and the version, from which the same figures come again."""
    return [
        (msg("scenario"), msg("{name}, fingerprint {mark}", name=scenario.name, mark=scenario.fingerprint[:12])),
        (msg("version"), f"sop-sandbox {VERSION}"),
    ]


__all__ = ["answer_of_comparison", "made_of", "runs_of"]
