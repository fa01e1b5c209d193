"""Forecast value added: what each stage of the forecast chain is worth, in points and in money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.engine.scenario import Scenario, load
from simulator.kernel.messages import Message, Value, listed, msg, number
from simulator.kernel.units import ScenarioError
from simulator.planning import Policy
from simulator.planning.forecast import MARKETING, Consensus, MarketingTeam, Naive
from simulator.planning.rules import Forecast
from simulator.results.bridge_words import SOURCES_NAMED
from simulator.results.compare import Comparison, compare
from simulator.results.kpis.sources import SOURCES
from simulator.results.money_words import interval_words, largest_sources
from simulator.results.target import CommonTarget, target_of
from simulator.results.under_contract import sources_of


def stages_of(scenario: Scenario, rule: Consensus) -> dict[str, Forecast]:
    """The stages of the forecast chain, each with a forecast of its own; marketing's where the company describes it."""
    own = {MARKETING: MarketingTeam()} if scenario.company.marketing else {}
    return {
        "naive": Naive(seasonal=True),
        "statistical": rule.statistical,
        "sales": rule.sales,
        **own,
        "consensus": rule,
    }


WORTH = (
    "forecast_wmape", "forecast_bias", "all_stock_value", "days_of_supply", "contribution", "ebit_before_absorption", "fill_rate",
    *SOURCES,
)  # fmt: skip
"""Measures of each stage: its forecast, stock, profit and the sources that this comes from, service."""


def forecast_value(
    scenario: Scenario | str | Path | Mapping[str, Any],
    policy: str | Path | Policy | Mapping[str, Any] = "sop",
    replications: int | Sequence[int] | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    at: CommonTarget | str | Mapping[str, Any] | None = None,
    as_run: bool = False,
    workers: int | None = None,
) -> Comparison:
    """Run the whole company on the forecast of each stage: naive, statistical, the sales team's, marketing's, consensus.

    Each stage is first brought to the same target by the policy's buffer, `at` or the fill rate that the contract asks for,
    since a forecast that is too high holds stock by that alone; with `as_run` all keep the buffer that the policy has.

    What a stage adds is its difference from the naive forecast, which costs nothing (Gilliland 2010).
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    full = scenario.policy(policy)
    rule = full.forecast
    if not isinstance(rule, Consensus):
        raise ScenarioError(
            msg(
                "the forecast of policy {name} has no stages; take a policy whose forecast is a consensus",
                name=repr(full.name),
            )
        )
    stages = stages_of(scenario, rule)
    variants = [full.model_copy(update={"name": name, "forecast": stage}) for name, stage in stages.items()]
    target = None if as_run else target_of(at or {"fill_rate": scenario.experiment.service_target})
    return compare(scenario, variants, replications, seed, WORTH, progress=progress, at=target, workers=workers)


def stage_words(found: Comparison) -> Message:
    """Say what each stage earns against the naive forecast, which costs nothing, from which sources, and how far its forecast is off."""
    naive, *stages = found.columns
    told = [
        msg(
            "{stage} {gap} ({sources}; forecast error {points} points)",
            stage=stage,
            gap=interval_words(found.gap("ebit_before_absorption", stage, naive)),
            sources=listed(largest_sources(sources_of(found, stage, naive), SOURCES_NAMED), "; "),
            points=number(100 * found.gap("forecast_wmape", stage, naive).mean, 1, signed=True),
        )
        for stage in stages
    ]
    slots: dict[str, Value] = {
        "stages": listed(told, "; "),
        "naive": naive,
        "currency": found.scenario.company.currency,
    }
    if found.at is None:
        return msg("As run, in {currency} a year before absorption against the {naive} forecast: {stages}.", **slots)
    target = found.at.words()
    return msg(
        "With {target} for all, in {currency} a year before absorption against the {naive} forecast: {stages}.",
        **slots,
        target=target,
    )
