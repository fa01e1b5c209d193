"""Known answers: figures of books and papers, and how close this machine comes to them. Begin with case.py."""

from simulator.results.verify.case import KnownAnswer, Result, check


def cases() -> list[KnownAnswer]:
    """All known answers, section by section."""
    from simulator.results.verify import experiments, forecasts, formulas, market, people, quality, simulated, systems

    return [
        *formulas.inventory(),
        *simulated.inventory(),
        *systems.systems(),
        *quality.quality(),
        *formulas.smoothing(),
        *simulated.smoothing(),
        *market.customers_and_deals(),
        *formulas.decision_rule(),
        *people.people(),
        *forecasts.forecasts(),
        *formulas.statistics_of_runs(),
        *experiments.experiments(),
    ]


__all__ = ["KnownAnswer", "Result", "cases", "check"]
