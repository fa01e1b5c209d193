"""The one reader of the books: what measures, documents, tables and pages show is worked out here, once.

`record` reads books and plans over any days, `score` groups what it reads over the scored months for the measures,
`valued` values it; `sheet` and `courses` lay it out by month and day. As planners saw it: `month`, `last_month`,
`demand`, `capacity`, `projection`, `accuracy`, and `meeting` and `business_plan` on what they decide.
"""

from simulator.results.reading.record import LAG, LITTLE, AgainstPlan, Reading, deviation, ratio, with_total

__all__ = ["LAG", "LITTLE", "AgainstPlan", "Reading", "deviation", "ratio", "with_total"]
