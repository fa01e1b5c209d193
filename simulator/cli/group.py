"""How the command line ends: with a result, or with one sentence and a status that says whose fault it was."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

FAILED, WRONG_INPUT, STOPPED = 1, 2, 130


class Sop(click.Group):
    """The group of all commands; `--debug` anywhere shows where a failure came from."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run a command and end the program with its status."""
        words = [*(sys.argv[1:] if args is None else args)]
        debug = "--debug" in words
        extra["standalone_mode"] = False
        try:
            status = super().main([word for word in words if word != "--debug"], *rest, **extra)
            sys.stdout.flush()
        except (click.Abort, KeyboardInterrupt):
            sys.exit(STOPPED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads us has enough
            sys.exit(FAILED)
        except Exception as error:
            if debug:
                raise
            sys.exit(told(error))
        sys.exit(status if isinstance(status, int) else 0)


def told(error: Exception) -> int:
    """Say what went wrong in plain words, and return the exit status."""
    from simulator.units import ScenarioError  # NumPy comes with it; a command that ends well may not need it

    status, said = FAILED, f"{type(error).__name__}: {error}; this is a fault of the program, --debug shows where"
    if isinstance(error, ScenarioError):
        status, said = WRONG_INPUT, str(error)
    elif isinstance(error, click.ClickException):
        status, said = error.exit_code, " ".join(error.format_message().split())
    elif isinstance(error, OSError):
        said = f"{error.filename or 'a file'} cannot be used: {error.strerror or error}"
    elif isinstance(error, MemoryError):
        said = "the memory does not suffice; take fewer months or products"
    for line in said.splitlines():
        click.echo(f"sop: {line}", err=True)
    return status
