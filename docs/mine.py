from typing import Annotated

from simulator.kernel.units import quantity
from simulator.planning.buffer import Buffer
from simulator.planning.rules import SafetyStock


class SquareRoot(SafetyStock, name="square-root"):
    """Safety stock grows with the square root of use."""

    factor: Annotated[float, quantity("units", "stock held at a use of one unit a day", ge=0)] = 20.0

    def __call__(self, view, interval):
        return self.factor * view.usage() ** 0.5

    def buffer(self):
        return Buffer("factor", self.factor, most=200.0)

    def with_buffer(self, amount):
        return self.model_copy(update={"factor": amount})
