"""Service and stock in closed form: order-up-to levels, lots, and lumpy or rare demand. Begin with order_up_to.py."""

from simulator.theory.inventory.loss import (
    inverse_standard_loss,
    normal_shortage,
    second_order_loss,
    standard_loss,
)
from simulator.theory.inventory.order_up_to import (
    Performance,
    deviation_at_risk,
    fill_rate,
    fill_rate_between,
    order_up_to_for_cycle_service,
    order_up_to_for_fill_rate,
    order_up_to_for_fill_rate_between,
    performance,
)
from simulator.theory.inventory.spread import Demanded, FromTop, Spread, low_for_fill_rate, tail

__all__ = [
    "Demanded",
    "FromTop",
    "Performance",
    "Spread",
    "deviation_at_risk",
    "fill_rate",
    "fill_rate_between",
    "inverse_standard_loss",
    "low_for_fill_rate",
    "normal_shortage",
    "order_up_to_for_cycle_service",
    "order_up_to_for_fill_rate",
    "order_up_to_for_fill_rate_between",
    "performance",
    "second_order_loss",
    "standard_loss",
    "tail",
]
