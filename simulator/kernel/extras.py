"""Parts of the product that are installed only where somebody wants them."""

from __future__ import annotations

from importlib.util import find_spec

from simulator.kernel.messages import Text, msg
from simulator.kernel.units import ScenarioError


def must_have(what: Text, extra: str, *packages: str) -> None:
    """Refuse what needs packages that are not installed, and say how to install them."""
    for package in packages:
        if find_spec(package) is None:
            raise ScenarioError(
                msg(
                    "{what} needs {package}, which is not installed; install the extra: pip install 'sop-sandbox[{extra}]'",
                    what=what, package=package, extra=extra,
                )
            )  # fmt: skip
