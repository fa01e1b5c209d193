"""A company that has been running: the months before its first day, simulated so that it need not begin with empty shelves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil
from typing import TypeVar
from zlib import crc32

import numpy as np

from simulator.company import Company, Component, Product
from simulator.company.calendar import with_history
from simulator.company.demand import Demand, Everyday, FrameContracts, Projects, SmallContracts
from simulator.company.events import Market
from simulator.company.items import Resource
from simulator.engine.departments import Purchasing
from simulator.engine.expected import expected_units
from simulator.engine.firm import Firm
from simulator.engine.scenario import Scenario
from simulator.kernel.units import Array
from simulator.world.luck import Weather, draw
from simulator.world.opening import Opening, Suppliers, days_from, from_today

FEWEST_MONTHS, MOST_MONTHS = 6, 24
"""Months that are run before the first day: at least, and however long the way of goods is."""

COVER = 30.0
"""Days of use, beyond the lead time, with which these months begin: too much is used up sooner than a backlog is worked off."""

KNOWN = 24
"""Months of demand that planners know in them, where none are known on the first day."""

UNLIKELY_RATE = 1e-9
"""Times a year: what is announced for a date of the run does not happen before it."""

S = TypeVar("S", Everyday, SmallContracts, FrameContracts, Projects)


def months_before(scenario: Scenario) -> Scenario | None:
    """The months before the first day of a company that does not state all its opening stocks; None where it does."""
    if not scenario.opens_running:
        return None
    if "before" not in scenario.beside:
        scenario.beside["before"] = _before(scenario)
    found: Scenario = scenario.beside["before"]
    return found


def _before(scenario: Scenario) -> Scenario:
    e, n = scenario.experiment, scenario.network
    months = min(max(FEWEST_MONTHS, ceil(2 * n.longest_way * 12 / 365.25)), MOST_MONTHS)
    first = with_history(scenario.company.calendar, months, 0)
    calendar = scenario.company.calendar.model_copy(update={"start": first.date(0)})
    company = _calm(scenario.company, scenario.stand_in).model_copy(update={"calendar": calendar})
    experiment = e.model_copy(update={"months": months, "warm_up": 0, "history": e.history or KNOWN})
    empty = replace(scenario, company=company, experiment=experiment, replayed=None, past=None)
    return replace(empty, company=_stocked(empty))


def _calm(company: Company, demand: Demand) -> Company:
    """The company before anything happened to it that has a date: demand at its first level, nothing launched, no event."""
    new = {name for name, product in company.products.items() if product.launch}
    streams = {
        kind: tuple(_level(stream) for stream in getattr(demand, kind) if stream.product not in new)
        for kind in ("everyday", "contracts", "frames", "projects")
    }
    turns = {"launch": None, "phase_out": None}
    never = [d.model_copy(update={"start": None, "rate": d.rate or UNLIKELY_RATE}) for d in company.disruptions]
    return company.model_copy(
        update={
            "demand": demand.model_copy(update={**streams, "history": None}),
            "products": {name: product.model_copy(update=turns) for name, product in company.products.items()},
            "market": Market(),
            "open_purchases": (),
            "open_orders": (),
            "open_frames": (),
            "resources": {name: _nobody_moves(resource) for name, resource in company.resources.items()},
            "disruptions": tuple(never),
        }
    )


def _nobody_moves(resource: Resource) -> Resource:
    """A resource without the people who start or leave on days to come."""
    if resource.people is None or not resource.people.changes:
        return resource
    return resource.model_copy(update={"people": resource.people.model_copy(update={"changes": ()})})


def _level(stream: S) -> S:
    """A stream that does not grow."""
    return stream.model_copy(update={"pattern": stream.pattern.model_copy(update={"trend": 0.0})})


def _stocked(scenario: Scenario) -> Company:
    """The company with the lead time and some weeks of its use in stock."""
    n, company = scenario.network, scenario.company
    a_day = expected_units(scenario).sum(axis=0) / scenario.days.count
    days = np.minimum(n.lead_time + COVER, n.shelf_life)
    stock = np.ceil(n.total_use.flow(a_day[:, None]) * days)[:, 0]
    by_name = dict(zip(n.names, stock.tolist(), strict=True))
    tables: dict[str, Mapping[str, Product | Component]] = {
        "products": company.products,
        "components": company.components,
    }
    return company.model_copy(
        update={
            table: {name: item.model_copy(update={"opening_stock": by_name[name]}) for name, item in items.items()}
            for table, items in tables.items()
        }
    )


def weather_before(scenario: Scenario, seed: int, replications: Sequence[int]) -> Weather | None:
    """Luck of its own for the months before the first day, the same for every policy."""
    earlier = months_before(scenario)
    if earlier is None:
        return None
    own = int(np.random.SeedSequence(seed, spawn_key=(crc32(b"before"),)).generate_state(1, np.uint64)[0] >> 1)
    e = earlier.experiment
    return draw(earlier.company, earlier.network, earlier.days, e.history, own, replications)


def closing_state(firm: Firm, stated: Array) -> Opening:
    """Return a firm's state tonight as the opening of the next day; `stated` opening stocks, (items, 1), stay as they are."""
    n, today, level = firm.network, firm.today, firm.ledger.level
    rows = np.isnan(stated)
    bought = rows[n.bought[n.sources.item]] if n.bought.size else np.zeros((0, 1), dtype=bool)
    return Opening(
        on_hand=np.where(rows, np.maximum(level["on_hand"], 0.0), stated),
        on_order=level["on_order"] * rows,
        arrivals=from_today(firm.arrivals, today) * rows,
        to_start=firm.to_start * rows,
        begun=firm.begun * rows,
        not_yet_good=firm.not_yet_good * rows,
        last_arrival=days_from(firm.last_arrival, today) * rows[n.bought[n.varying]],
        suppliers=_suppliers(firm.purchasing, today, bought * 1.0) if firm.purchasing else None,
        verdicts=from_today(firm.quality.verdicts, today) * rows[n.uncertain][:, None] if firm.quality else None,
    )


def _suppliers(buying: Purchasing, today: int, rows: Array) -> Suppliers:
    return Suppliers(
        dock=from_today(buying.dock, today) * rows,
        punctual=from_today(buying.punctual, today) * rows,
        bad=None if buying.bad is None else from_today(buying.bad, today) * rows,
        waiting=buying.waiting * rows,
        part_rejected=buying.part_rejected * rows,
        last_arrival=days_from(buying.last_arrival, today) * rows.astype(np.int64),
    )
