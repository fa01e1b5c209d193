"""Known answers: figures of books and papers, and how close this machine comes to them. Begin with case.py."""

from simulator.results.verify.case import KnownAnswer, Result, check


def cases() -> list[KnownAnswer]:
    """All known answers, section by section."""
    from simulator.results.verify import departments, formulas, simulated, systems

    return [
        *formulas.inventory_formulas(),
        *simulated.inventory_answers(),
        *systems.system_answers(),
        *departments.quality_answers(),
        *formulas.smoothing_formulas(),
        *simulated.smoothing_answers(),
        *departments.market_answers(),
        *formulas.decision_rule_formulas(),
        *departments.people_answers(),
        *formulas.forecast_answers(),
        *formulas.statistics_formulas(),
        *formulas.experiment_answers(),
    ]


__all__ = ["KnownAnswer", "Result", "cases", "check"]
