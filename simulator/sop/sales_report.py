"""Step 1, sales forecast report: what was asked for, and what is expected for the months ahead."""

from __future__ import annotations

from simulator.firm import Firm


def report_sales(firm: Firm) -> None:
    """Forecast the months ahead from the months that are over."""
    month = firm.view.month
    firm.plans.made_in.append(month)
    forecast = firm.policy.forecast(firm.view.past())
    shape = firm.plans.forecast[month].shape
    firm.plans.forecast[month] = firm.checked(forecast, shape, firm.policy.forecast)
    firm.snapshots.append((firm.past_months + month, firm.plans.forecast[month]))
