"""Say what was found at equal service: the setting of each policy, what it reached, and what it then holds and earns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.company.toml import file_text
from simulator.kernel.messages import Message, Value, in_currency, inside, listed, msg, number
from simulator.planning import Policy
from simulator.results.binding import binding_words
from simulator.results.equal_service import Outcome, Tuned
from simulator.results.estimates import ALIKE
from simulator.results.judged import SURE
from simulator.results.kpis import MEASURES
from simulator.theory.statistics import mean_interval

if TYPE_CHECKING:
    import pandas as pd

    from simulator.results.comparison import Comparison
    from simulator.results.target import CommonTarget

JUDGED = ("all_stock_value", "ebit_before_absorption")
"""Measures of which the sentences tell what a policy takes and earns at equal service."""


def settings_table(tuned: Mapping[str, Tuned]) -> pd.DataFrame:
    """A row a policy: its setting as run and as tuned, what it reached on fresh luck, and the share of runs on target."""
    import pandas as pd

    return pd.DataFrame([setting_of(name, one) for name, one in tuned.items()])


def setting_of(name: str, one: Tuned) -> dict[str, Any]:
    """The setting of a policy and what it reached."""
    known = one.reached[np.isfinite(one.reached)]
    found = mean_interval(known) if len(known) > 1 else None
    return {
        "policy": name,
        "entry": one.buffer.entry,
        "as_run": one.value_as_run,
        "setting": one.value,
        "times": one.buffer.times,
        "measure": one.target.name,
        "target": one.target.value,
        "outcome": one.outcome.value,
        "mean": float(found.mean) if found else float("nan"),
        "low": float(found.low) if found else float("nan"),
        "high": float(found.high) if found else float("nan"),
        "share_on_target": float(one.target.kept(known).mean()) if len(known) else float("nan"),
    }


def setting_words(one: Tuned, value: float) -> str:
    """A setting as a policy file says it, or as a multiple of what is stated."""
    return f"{one.buffer.entry} x {value:.3g}" if one.buffer.times else f"{one.buffer.entry}={value:.3g}"


def policy_text(policy: Policy) -> str:
    """Write a policy as a file that every command reads."""
    words = policy.model_dump(mode="json", exclude={"name"})
    return file_text({key: value for key, value in words.items() if value != ""})


# --- sentences ---


def sentences_at(found: Comparison) -> list[Message]:
    """Say who could not be brought to the target and why; then what each holds and earns against the first."""
    unequal = [*brought_words(found)]
    if found.by != "total":
        return unequal
    first, *others = found.columns
    equal = [name for name in others if found.tuned[name].outcome is Outcome.REACHED]
    against = [_against(found, name) for name in equal] if found.tuned[first].outcome is Outcome.REACHED else []
    return [*unequal, *(told for told in against if told)]


def brought_words(found: Comparison, called: Callable[[str], str] = str) -> Iterator[Message]:
    """Say who could not be brought to the target and why, and what becomes of the miss of the others.

    `called` gives a column the name by which readers know it.
    """
    yield from (told for name, one in found.tuned.items() if (told := outcome_words(called(name), one)))
    if found.at and found.by == "total" and any(one.prices for one in found.tuned.values()):
        yield at_target_words(found.at)


def at_target_words(target: CommonTarget) -> Message:
    """Say that a miss on fresh luck does not count."""
    return msg(
        "figures but shares of runs are those at {target} itself: what a setting misses of it on fresh luck is made good at the price "
        "of service",
        target=target.words(),
    )


def outcome_words(name: str, one: Tuned) -> Message | None:
    """Say why a policy is not at the target; nothing where it is."""
    if one.outcome is Outcome.REACHED:
        return None
    figure = dict(one.tried)[one.setting] if one.setting in dict(one.tried) else float("nan")
    told: dict[str, Value] = {"policy": name, "target": one.target.words(), "figure": one.target.told(figure)}
    if one.outcome is Outcome.ABOVE:
        return msg("{policy} is beyond {target} with no buffer at all: {figure}", **told)
    told["setting"] = setting_words(one, one.value)
    if not one.binds:
        return msg("{policy} does not come to {target}: {figure} with {setting} is the furthest", **told)
    return msg(
        "{policy} does not come to {target}: {figure} with {setting} is the furthest; not served then: {causes}",
        **told,
        causes=binding_words(one.binds),
    )


def _against(found: Comparison, name: str) -> Message | None:
    """Stock and profit of a policy against the first, at the same target."""
    assert found.at is not None
    clauses = list(_clauses(found, name))
    if not clauses:
        return None
    return msg(
        "at {target}, {column} against {first}: {differences}",
        target=found.at.words(),
        column=name,
        first=found.columns[0],
        differences=listed(clauses, "; "),
    )


def _clauses(found: Comparison, name: str) -> Iterator[Message]:
    there = {measure.name for measure, _ in found.rows} - {found.at.name if found.at else ""}
    for measure in (known for known in JUDGED if known in there):
        row = next(k for k, (known, _) in enumerate(found.rows) if known.name == measure)
        judged = found.judged[row, name]
        gap = judged.gap
        if not np.isfinite(gap.half):
            continue
        told: dict[str, Value] = {
            "measure": inside(msg(MEASURES[measure].title)),
            "unit": in_currency(MEASURES[measure].unit, found.scenario.company.currency),
        }
        if judged.verdict in ALIKE:
            yield msg(
                "{measure} {verdict} (± {half} {unit})", **told, verdict=msg(judged.verdict), half=number(gap.half)
            )
            continue
        ends = {name: number(value, signed=True) for name, value in (("low", gap.low), ("high", gap.high))}
        told |= {"gap": number(gap.mean, signed=True), **ends}
        sure = msg("{measure} {gap} {unit} [{low}, {high}]", **told)
        yield sure if judged.verdict in SURE else msg("perhaps {measure} {gap} {unit} [{low}, {high}]", **told)
