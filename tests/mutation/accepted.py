"""Bugs that no test has to find, each with the reason."""

THREADS = "How many threads share the work moves the time that it takes and no figure."
CORES = "min(os.cpu_count() or 1, 8, len(lanes))"
OF_THREADS = (
    f"max(1, {CORES}) -> (min(1, {CORES}))",
    f"{CORES} -> (max(os.cpu_count() or 1, 8, len(lanes)))",
    "os.cpu_count() or 1 -> (os.cpu_count() and 1)",
    "1 -> (2)",
    "1 -> (2) (place 2)",
    "8 -> (9)",
)

LATE = "s.orders(np.clip(open_ - newer, 0.0, cohort).sum(axis=0))"

REASONS: dict[str, str] = {
    **{f"planning.supply_plan.program.side_by_side: {change}": THREADS for change in OF_THREADS},
    "studies.results.Results._found: 4 -> (5)": THREADS,
    "planning.capacity.LongLead.__init__: 0 -> (1)": "Without bills no product waits for a part, in however many months that is looked at.",
    "planning.capacity.LongLead.__init__: 0 -> (1) (place 2)": "Where no part takes that long, nobody reads what is to come.",
    "planning.capacity.LongLead.beyond: 1.0 -> (2.0)": "The tightest share is 1 at most.",
    "planning.capacity.beyond_hours: TINY * hours -> (TINY)": "Both tell hours left over from none by less than rounding moves.",
    "planning.capacity.LongLead.beyond: 1.0 -> (2.0) (place 3)": "Shares of a family add up to 1: the bound takes off rounding only.",
    "planning.capacity.product_mix: 1.0 * made -> (made)": "A mark counts as 1.",
    "planning.requirement.sold_within_life: n.made < len(n.products) -> (n.made <= len(n.products))": (
        "A part is no product: then only families that nobody makes are looked at, and they have no plan."
    ),
    f"results.kpis.service.wait_p95: {LATE} > allowed + TINY -> ({LATE} >= allowed + TINY)": (
        "The tolerance decides, and nothing is exactly as large as it."
    ),
    "results.money.budget.Budget.explained: 1.0 -> (2.0)": "It only keeps from dividing by nothing; what comes of it is not shown.",
    "planning.supply_plan.peak_shaving.PeakShaving.__call__: 1 -> (2)": "A fraction of 1 gives the same plan by the longer way.",
}
"""Name of the bug, as the report prints it, to the reason."""
