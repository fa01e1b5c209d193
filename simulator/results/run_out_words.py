"""Sentences on the months from today: what was run, and which product runs out first under each policy."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine.scenario import Scenario
from simulator.kernel.messages import Message, listed, msg, number, percent, plural
from simulator.results.run_out import LIKELY, RunOut


def about_today(found: RunOut) -> Message:
    """Say what was run."""
    days = found.scenario.days
    return msg(
        "{scenario}: from {first} to {last}, {n} replications, seed {seed}",
        scenario=found.scenario.name,
        first=days.date(0),
        last=days.date(days.count - 1),
        n=number(len(found.replications)),
        seed=f"{found.seed}",
    )


def begin_words(scenario: Scenario) -> Iterator[Message]:
    """Say what the first day begins with where it is not stated, and that the first months are then no usual ones."""
    company = scenario.company
    stated = [item for item in company.items.values() if item.opening_stock is not None]
    unstated = len(company.items) - len(stated)
    lacking = []
    if any(item.buy for item in stated) and not company.open_purchases:
        lacking.append(msg("on its way"))
    if any(item.make for item in stated):
        lacking.append(msg("in process"))
    if not company.open_orders and not company.open_frames and stated:
        lacking.append(msg("owed"))
    if lacking:
        yield msg(
            "On the first day nothing is {what}, since none is stated: the first months serve and earn otherwise than those of a "
            "running company.",
            what=listed(lacking, " or "),
        )
    if unstated:
        yield plural(
            "The stock of {n} item is not stated: it begins with what a running company holds and has on its way.",
            "The stock of {n} items is not stated: they begin with what a running company holds and has on its way.",
            unstated,
        )


def run_out_sentence(found: RunOut, policy: str) -> Message:
    """Say how many products run out in half of the runs and more, and the first of them."""
    chance = found.chance(policy)
    likely = [k for k in chance.argsort()[::-1] if chance[k] >= LIKELY]
    months = number(found.scenario.days.months)
    if not likely:
        return msg(
            "Under {policy} no product leaves a customer unserved in half of the runs within {months} months; the likeliest is "
            "{product} at {chance}.",
            policy=policy,
            months=months,
            product=found.scenario.network.products[int(chance.argmax())],
            chance=percent(float(chance.max()), 0),
        )
    days = {k: found.day(policy, int(k), LIKELY) for k in likely}
    soonest = min(likely, key=lambda k: (str(days[k]), -chance[k]))
    return plural(
        "Under {policy} {n} product leaves a customer unserved in half of the runs or more within {months} months: {product}, as "
        "likely as not by {day}.",
        "Under {policy} {n} products leave a customer unserved in half of the runs or more within {months} months; the first is "
        "{product}, as likely as not by {day}.",
        len(likely),
        policy=policy,
        months=months,
        product=found.scenario.network.products[int(soonest)],
        day=f"{days[soonest]}",
    )
