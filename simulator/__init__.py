"""An S&OP sandbox: simulate a company and compare ways of planning it. Public names are handed on when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simulator.kernel.version import VERSION as __version__

if TYPE_CHECKING:
    from simulator.engine.scenario import load as load
    from simulator.faces.documents import cycle_tables as cycle_tables
    from simulator.faces.documents import documents_of as documents_of
    from simulator.planning.own import load_rules as load_rules
    from simulator.results.bridge import bridge as bridge
    from simulator.results.compare import compare as compare
    from simulator.results.run import simulate as simulate
    from simulator.studies.sweep import sweep as sweep


HOME = {
    "cycle_tables": "simulator.faces.documents",
    "documents_of": "simulator.faces.documents",
    "bridge": "simulator.results.bridge",
    "load": "simulator.engine.scenario",
    "load_rules": "simulator.planning.own",
    "simulate": "simulator.results.run",
    "compare": "simulator.results.compare",
    "sweep": "simulator.studies.sweep",
}
"""Where each public name lives."""

__all__ = [
    "__version__",
    "bridge",
    "compare",
    "cycle_tables",
    "documents_of",
    "load",
    "load_rules",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home, so that importing the package costs next to nothing."""
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(HOME[name]), name)
    globals()[name] = value
    return value
