"""Classes of items, so that each class may have rules of its own: by value, by variation, by family, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import numpy as np
from pydantic import model_validator

from simulator.company import Company
from simulator.company.demand import Orders
from simulator.company.entries import dotted_below
from simulator.kernel.messages import msg
from simulator.kernel.units import Array, quantity
from simulator.planning.fit import Misfits, no_item
from simulator.planning.rules import Classes
from simulator.world.network import Network


class OneClass(Classes, name="none"):
    """All items are alike, in the class `all`."""

    def names(self, company: Company) -> list[str]:
        """One."""
        return ["all"]

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Put every item in one class."""
        return dict.fromkeys(network.names, "all")


class ByValue(Classes, name="abc"):
    """A, B and C by the yearly value of expected use at standard cost: products and parts each among themselves (Dickie 1951)."""

    shares: Annotated[
        tuple[float, ...],
        quantity("share", "of value up to which an item is A, and up to which B", min_length=2, max_length=2),
    ] = (0.8, 0.95)

    def names(self, company: Company) -> list[str]:
        """Three."""
        return list("ABC")

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Class as A the items of most value that make up the first share of it, the one that crosses the line included."""
        value = (expected_month(company, network)[0] * network.unit_cost)[:, 0]
        found: dict[str, str] = {}
        sold = len(network.products)
        for group in (range(sold), range(sold, len(network.names))):
            order = sorted(group, key=lambda k: -value[k])
            before = np.cumsum([0.0, *value[order]])[:-1]
            whole = max(float(value[list(group)].sum()), 1e-9)
            for k, passed in zip(order, before, strict=True):
                found[network.names[k]] = "ABC"[sum(passed >= share * whole - 1e-9 * whole for share in self.shares)]
        return found

    @model_validator(mode="after")
    def _rising(self) -> ByValue:
        refuse_unordered("shares", self.shares, 1.0)
        return self


class ByVariation(Classes, name="xyz"):
    """X, Y and Z by the deviation of a month's use over its mean, season and trend left out."""

    bounds: Annotated[
        tuple[float, ...],
        quantity(
            "ratio", "deviation over mean up to which an item is X, and up to which Y", min_length=2, max_length=2
        ),
    ] = (0.5, 1.0)

    def names(self, company: Company) -> list[str]:
        """Three."""
        return list("XYZ")

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Steady items are X, lumpy ones Z."""
        mean, variance = expected_month(company, network)
        ratio = (np.sqrt(variance) / np.maximum(mean, 1e-9))[:, 0]
        return {
            name: "XYZ"[sum(r > bound for bound in self.bounds)] for name, r in zip(network.names, ratio, strict=True)
        }

    @model_validator(mode="after")
    def _rising(self) -> ByVariation:
        refuse_unordered("bounds", self.bounds, np.inf)
        return self


class ByValueAndVariation(Classes, name="abc-xyz"):
    """AX to CZ: by value and by variation at once."""

    shares: Annotated[
        tuple[float, ...],
        quantity("share", "of value up to which an item is A, and up to which B", min_length=2, max_length=2),
    ] = (0.8, 0.95)
    bounds: Annotated[
        tuple[float, ...],
        quantity(
            "ratio", "deviation over mean up to which an item is X, and up to which Y", min_length=2, max_length=2
        ),
    ] = (0.5, 1.0)

    def names(self, company: Company) -> list[str]:
        """Nine."""
        return [value + variation for value in "ABC" for variation in "XYZ"]

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Both letters."""
        value = ByValue(shares=self.shares)(company, network)
        variation = ByVariation(bounds=self.bounds)(company, network)
        return {name: value[name] + variation[name] for name in network.names}

    @model_validator(mode="after")
    def _rising(self) -> ByValueAndVariation:
        refuse_unordered("shares", self.shares, 1.0)
        refuse_unordered("bounds", self.bounds, np.inf)
        return self


class ByFamily(Classes, name="family"):
    """Each family of products is a class, and all parts are the class `parts`."""

    def names(self, company: Company) -> list[str]:
        """The families."""
        return [*company.families, "parts"]

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Class an item by its product's family."""
        families = {name: product.family for name, product in company.products.items()}
        return {name: families.get(name, "parts") for name in network.names}


class ByName(Classes, name="listed"):
    """Classes set by hand; what is not named is in the class `others`."""

    items: Annotated[
        dict[str, tuple[str, ...]], quantity("table", "the items of each class, by the class's name", min_length=1)
    ]

    def names(self, company: Company) -> list[str]:
        """As listed."""
        return list(dict.fromkeys([*self.items, "others"]))

    def __call__(self, company: Company, network: Network) -> Mapping[str, str]:
        """Class items as they are listed."""
        listed = {item: name for name, items in self.items.items() for item in items}
        return {name: listed.get(name, "others") for name in network.names}

    def misfits(self, company: Company, mine: Sequence[str]) -> Misfits:
        """Names of what the company does not stock."""
        for name, items in self.items.items():
            for item in items:
                if item not in company.items:
                    yield no_item(dotted_below("items", name), item, list(company.items))

    @model_validator(mode="after")
    def _each_once(self) -> ByName:
        every = [item for items in self.items.values() for item in items]
        twice = [item for item in every if every.count(item) > 1]
        if twice:
            raise ValueError(
                msg("{entry} names {name} twice; an item is in one class", entry="items", name=repr(twice[0]))
            )
        return self


def refuse_unordered(entry: str, edges: tuple[float, ...], most: float) -> None:
    """Edges of classes rise from above 0."""
    if not 0 < edges[0] < edges[1] <= most:
        bounds = msg("above 0 and at most {most}", most=f"{most:g}") if np.isfinite(most) else msg("above {n}", n=0)
        raise ValueError(
            msg(
                "{entry} is {values}; both must be {bounds}, the first below the second",
                entry=entry,
                values=f"{list(edges)}",
                bounds=bounds,
            )
        )


def expected_month(company: Company, network: Network) -> tuple[Array, Array]:
    """Mean and variance of what is used of every item in a month, by the laws of demand, (items, 1) each; season and trend left out."""
    mean, variance = (np.zeros((len(network.products), 1)) for _ in range(2))
    for product, expected, spread in streams(company):
        row = network.products.index(product)
        mean[row] += expected
        variance[row] += spread
    return network.total_use.flow(mean), network.total_use_squared.flow(variance)


def streams(company: Company) -> Iterable[tuple[str, float, float]]:
    """Mean and variance of a month of each stream of demand, by product."""
    demand, days = company.demand, company.calendar.days_a_month
    for stream in demand.everyday:
        law, swing = stream.daily, stream.pattern.swing
        if isinstance(law, Orders):
            sizes = np.array(law.sizes)
            daily = law.lines * (np.square(sizes).mean() + (law.dispersion - 1) * sizes.mean() ** 2)
        else:
            daily = law.sd**2
        yield stream.product, days * law.mean, float(days * daily + (swing * days * law.mean) ** 2)
    for contract in demand.contracts:
        size = contract.size
        yield contract.product, contract.per_month * size.mean, contract.per_month * (size.mean**2 + size.sd**2)
    for frame in demand.frames:
        size, a_month = frame.size, frame.per_year / 12
        yield frame.product, a_month * size.mean, a_month * (size.mean**2 + size.sd**2) / frame.call_offs
    for project in demand.projects:
        size, won = project.size, project.per_month * project.win_rate
        yield project.product, won * size.mean, won * (size.mean**2 + size.sd**2)
