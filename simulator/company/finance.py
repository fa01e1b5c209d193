"""State rates of cost beyond the goods themselves: holding, lateness, capital."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from simulator.kernel.messages import msg
from simulator.kernel.units import Record, quantity


class Finance(Record):
    """Rates that turn stock, lateness and plans into money; what the bank lends, and what costs the same whatever is sold."""

    holding_rate: Annotated[
        float, quantity("share/year", "of its value that holding stock costs a year", ge=0, le=2)
    ] = 0.20
    capital_rate: Annotated[
        float,
        quantity(
            "share/year",
            "the part of holding_rate that is the price of capital; economic profit is charged with it, EBIT only with the rest",
            ge=0,
            le=2,
        ),
    ] = 0.0
    late_penalty: Annotated[float, quantity("share/day", "of the price that a day of delay costs", ge=0, le=1)] = 0.005
    budget_growth: Annotated[
        float, quantity("share/year", "growth that the annual business plan asks for", ge=-0.5, le=2)
    ] = 0.03
    opening_cash: Annotated[float, quantity("money", "in the bank on the first morning; below 0 is overdrawn")] = 0.0
    credit_line: Annotated[
        float | None, quantity("money", "overdraft that the bank allows; leave out where it asks no limit", ge=0)
    ] = None
    overdraft_rate: Annotated[float, quantity("share/year", "interest on what is overdrawn", ge=0, le=2)] = 0.0
    fixed_cost: Annotated[
        float, quantity("money/month", "rent, depreciation, salaries of the office: whatever is sold", ge=0)
    ] = 0.0
    drawings: Annotated[
        float,
        quantity("money/month", "taken out of the company by owners, lenders and the tax office; no expense", ge=0),
    ] = 0.0
    fixed_assets: Annotated[
        float, quantity("money", "book value of plant and buildings, part of the capital employed", ge=0)
    ] = 0.0

    # an assumption: the heads of sales, production, purchasing, finance and their planners, an hour each and as much to prepare; an hour
    # at 50 is a salary of 85,000 with its extras over 1,700 hours. Results do not contain it, the value bridge tells it beside.
    meeting_people: Annotated[float, quantity("people", "who come to each meeting of a cycle", ge=0, le=1000)] = 8.0
    meeting_hours: Annotated[
        float, quantity("hours", "that a meeting takes each of them, preparation included", ge=0, le=200)
    ] = 2.0
    meeting_hour_cost: Annotated[
        float,
        quantity("money/hour", "of people in meetings; told beside what S&OP earns, booked in no statement", ge=0),
    ] = 50.0

    @model_validator(mode="after")
    def _capital_is_part_of_holding(self) -> Finance:
        if self.capital_rate > self.holding_rate:
            raise ValueError(
                msg(
                    "{entry} is {rate} and holding_rate {holding}; capital is a part of holding, so that it must not be above it",
                    entry="capital_rate",
                    rate=f"{self.capital_rate}",
                    holding=f"{self.holding_rate}",
                )
            )
        return self
