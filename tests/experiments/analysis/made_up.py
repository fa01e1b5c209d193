"""Results of a study that was never run: values that a test has made up."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from simulator.studies.factors import CATEGORY, NUMBER, Factor
from simulator.studies.results import ManifestWords, Results


def number(name, low=0.0, high=1.0):
    """A factor with a range."""
    return Factor(name, name, NUMBER, "", low, high, (), low)


def category(name, *levels):
    """A factor with names for values."""
    return Factor(name, name, CATEGORY, "", None, None, levels, levels[0])


def results(factors, columns, values, design="grid", policies=("plan",)):
    """Results with these points, a column a factor, and values (points x policies, replications) by measure."""
    made = Results.__new__(Results)
    points = pd.DataFrame({"point": range(len(columns[0])) if len(columns) else [0]})
    for factor, column in zip(factors, columns, strict=True):
        points[factor.name] = list(column)
    wide = points.loc[points.index.repeat(len(policies))].reset_index(drop=True)
    wide.insert(1, "policy", list(policies) * len(points))
    made.factors, made.points, made.store = list(factors), wide, SimpleNamespace(address="made-up")
    words = {"design": {"kind": design}}
    made.study = ManifestWords("made-up", "", words, "none", "EUR", tuple(policies), tuple(values), 1, ())
    made._found = np.array([np.asarray(v, dtype=float) for v in values.values()]), "", 0
    return made
