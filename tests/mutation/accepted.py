"""Bugs that no test has to find, each with the reason."""

REASONS: dict[str, str] = {
    "planning.capacity.LongLead.beyond: 1.0 -> (2.0) (place 5)": "Shares of a family add up to 1: the bound takes off rounding only.",
    "planning.requirement.sold_within_life: n.made < len(n.products) -> (n.made <= len(n.products))": (
        "A part is no product: then only families that nobody makes are looked at, and they have no plan."
    ),
    "planning.supply_plan.peak_shaving.PeakShaving.__call__: 1 -> (2)": "A fraction of 1 gives the same plan by the longer way.",
}
"""Name of the bug, as the report prints it, to the reason."""
