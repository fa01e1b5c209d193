"""The one reader of the books: what measures, documents, tables and pages show is worked out here, once.

`record` reads books and plans over any days, `score` groups what it reads over the scored months for the measures,
`money` values it; `periods` and `courses` lay it out by month and day, `cycle` and `last_month` as planners saw it.
"""

from simulator.results.reading.record import LAG, Reading, ratio, with_total

__all__ = ["LAG", "Reading", "ratio", "with_total"]
