"""An S&OP sandbox: simulate a company and compare ways of planning it. Public names are handed on when asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from simulator.version import VERSION as __version__

if TYPE_CHECKING:
    from simulator.bridge import bridge as bridge
    from simulator.compare import compare as compare
    from simulator.experiments.sweep import sweep as sweep
    from simulator.run import simulate as simulate
    from simulator.scenario import load as load


HOME = {
    "bridge": "simulator.bridge",
    "load": "simulator.scenario",
    "simulate": "simulator.run",
    "compare": "simulator.compare",
    "sweep": "simulator.experiments.sweep",
}
"""Where each public name lives."""

__all__ = ["__version__", "bridge", "compare", "load", "simulate", "sweep"]


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home, so that importing the package costs next to nothing."""
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(HOME[name]), name)
    globals()[name] = value
    return value


class _Package(ModuleType):
    """Keeps `simulator.compare` the function: on import, Python would put the module of that name in its place."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
