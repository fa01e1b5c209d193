"""The tight company, its books, and luck that was tampered with: what all laws are tested on."""

import inspect
from copy import deepcopy
from functools import cache, wraps
from pathlib import Path

import numpy as np

from simulator.engine.play import play, weather_for
from simulator.engine.scenario import load, preset, preset_names
from simulator.kernel.plans import MUST_MEET
from simulator.planning import Policy
from simulator.planning.rules import Replenishment
from simulator.results.run import simulate

PATH = Path(__file__).with_name("tight.toml")
POLICIES = preset_names()
UNITS = {"whole": True, "broken": False}
QUICK = [policy for policy in POLICIES if preset(policy).supply_plan.name != "cost-optimal"]
"""Policies that solve no program for each replication."""

EVERY = [*((policy, "whole") for policy in POLICIES), *((policy, "broken") for policy in QUICK)]
FEW_LANES = (0, 6)


def once(work):
    """Remember what was worked out, whether an argument is given or left at its default."""
    given, remembered = inspect.signature(work), cache(work)

    @wraps(work)
    def asked(*arguments, **named):
        each = given.bind(*arguments, **named)
        each.apply_defaults()
        return remembered(*each.args, **each.kwargs)

    return asked


@once
def scenario(units="whole", **changes):
    """The company, in whole units or in broken ones; changes by dotted name with __ for the dots."""
    named = {entry.replace("__", "."): value for entry, value in changes.items()}
    return load(PATH, {"company.whole_units": UNITS[units], **named})


@once
def books(policy, units="whole"):
    """All that one policy did; shared, so nobody may write into it."""
    found = next(simulate(scenario(units), policy).books())
    for table in (*found.flows.values(), *found.closing.values()):
        table.flags.writeable = False
    return found


@once
def weather(units="whole", months=13):
    """The luck of all replications."""
    return weather_of(scenario(units) if months == 13 else scenario(units, experiment__months=months))


def weather_of(company):
    """The luck of all replications of a company."""
    return weather_for(company, company.experiment.seed, range(company.experiment.replications))


def near(units):
    """How far two sums of the same units may lie apart: whole units add up exactly, broken ones but for rounding."""
    return 0.0 if units == "whole" else 1e-6


def before(closing, opening=0.0):
    """Yesterday's closing level of every day."""
    return np.concatenate([np.broadcast_to(opening, closing[:1].shape), closing[:-1]])


def row(found, item):
    """Where an item stands."""
    return found.scenario.network.names.index(item)


def tampered(luck, day):
    """The same luck until a day, and much else from then on: demand, deals, lead times, moods, slips."""
    other, month = deepcopy(luck), int(scenario().days.month[day])
    other.signed[day:] = 3.0 * other.signed[day:][:, :, ::-1] + 7.0
    other.delivery[day:] += 9
    for events in (other.signings, other.frames, other.projects):
        events.quantity[events.day >= day] *= 5.0
    other.mood[month + 1 :] += 1.0
    other.slip[month + 1 :] = 1.0 - other.slip[month + 1 :]
    return other


def played(policy, luck, company=None):
    """The books of one policy in this luck."""
    return play(company or scenario(), policy, luck)


class Watched(Replenishment):
    """Another rule whose answers are kept."""

    inner: Replenishment
    log: list

    def review(self, cycle):
        return self.inner.review(cycle)

    def __call__(self, view, rows, released):
        answer = self.inner(view, rows, released)
        if answer is not None:
            self.log.append((view.today, rows, np.array(answer)))
        return answer


class WatchedReplacing(Watched):
    """The same for a rule that takes back what was not started."""

    replaces = True


def watched(rule, log):
    """A rule under watch."""
    kind = WatchedReplacing if rule.replaces else Watched
    return kind.model_construct(inner=rule, log=log)


def releases(policy):
    """What a policy releases each evening, made items included: [(day, rows, quantities)]."""
    log = []
    chosen = preset(policy)
    under_watch = chosen.model_copy(
        update={right: watched(getattr(chosen, right), log) for right in ("products", "components")}
    )
    played(under_watch, weather())
    return log


def with_rules(policy="chase", **rules):
    """A preset with some rules in place of its own."""
    return preset(policy).model_copy(update=rules)


def policy_of(**words):
    """A policy from words."""
    return Policy.model_validate({"name": "made up", **words})


def kept_for_the_first(b):
    """Products and days of a month, after its pre-S&OP meeting, in which must-meet quantities are fixed: (days, products, lanes)."""
    kept = np.zeros(b.flows["shipped"].shape, dtype=bool)
    if MUST_MEET in b.plans.tables:
        days = b.scenario.days
        for month in b.plans.made_in:
            fixed = np.isfinite(b.plans.tables[MUST_MEET][month]).any(axis=0)
            kept[days.month_start[month] : days.month_start[month + 1]] = fixed
    return kept
