"""Bugs that no test has to find, each with the reason."""

THREADS = "How many threads share the work moves the time that it takes and no figure."
OF_THREADS = (
    "planning.supply_plan.program.Program.solve: max(1, min(os.cpu_count() or 1, 8, lanes)) -> (min(1, min(os.cpu_count() or 1, 8, lanes)))",
    "planning.supply_plan.program.Program.solve: min(os.cpu_count() or 1, 8, lanes) -> (max(os.cpu_count() or 1, 8, lanes))",
    "planning.supply_plan.program.Program.solve: os.cpu_count() or 1 -> (os.cpu_count() and 1)",
    "planning.supply_plan.program.Program.solve: 1 -> (2) (place 3)",
    "planning.supply_plan.program.Program.solve: 1 -> (2) (place 4)",
    "planning.supply_plan.program.Program.solve: 8 -> (9)",
    "studies.results.Results._found: 4 -> (5)",
)

REASONS: dict[str, str] = {
    **dict.fromkeys(OF_THREADS, THREADS),
    "planning.capacity.LongLead.beyond: 1.0 -> (2.0) (place 5)": "Shares of a family add up to 1: the bound takes off rounding only.",
    "planning.requirement.sold_within_life: n.made < len(n.products) -> (n.made <= len(n.products))": (
        "A part is no product: then only families that nobody makes are looked at, and they have no plan."
    ),
    "planning.supply_plan.peak_shaving.PeakShaving.__call__: 1 -> (2)": "A fraction of 1 gives the same plan by the longer way.",
}
"""Name of the bug, as the report prints it, to the reason."""
