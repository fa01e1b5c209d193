"""Sentences on the months from today: what was run, and which product runs out first under each policy."""

from __future__ import annotations

from simulator.kernel.messages import Message, msg, number, percent, plural
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
