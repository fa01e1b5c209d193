"""Known answers: figures of books and papers, and how close this machine comes to them. Begin with case.py."""

from simulator.results.verify.case import KnownAnswer, Result, check


def cases() -> list[KnownAnswer]:
    """All known answers, section by section."""
    from simulator.results.verify import experiments, forecasts, formulas, market, people, quality, simulated, systems

    return [
        *formulas.inventory_formulas(),
        *simulated.inventory_answers(),
        *systems.system_answers(),
        *quality.quality_answers(),
        *formulas.smoothing_formulas(),
        *simulated.smoothing_answers(),
        *market.market_answers(),
        *formulas.decision_rule_formulas(),
        *people.people_answers(),
        *forecasts.forecast_answers(),
        *formulas.statistics_formulas(),
        *experiments.experiment_answers(),
    ]


__all__ = ["KnownAnswer", "Result", "cases", "check"]
