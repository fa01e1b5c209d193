"""What several commands share: the scenario and what may be changed of it, machine formats, progress."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from simulator.scenario import Scenario

F = TypeVar("F", bound=Callable[..., Any])

REFERENCE = "giftware"

WIDTH = 132  # of a table that goes into a file or pipe


def screen_width() -> int:
    """Columns that a table may take."""
    return shutil.get_terminal_size((WIDTH, 0)).columns if sys.stdout.isatty() else WIDTH


class FilePath(click.ParamType):  # type: ignore[type-arg]
    """A file or folder by its path, or where an address is taken by that, as a text."""

    name = "path"

    def __init__(self, address: bool = False) -> None:
        self.address = address

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what no file system can be asked for."""
        from simulator.gate import path_of

        path = path_of(value, param.opts[0] if param and param.opts[0].startswith("-") else "the path")
        return str(value) if self.address else path


def on_scenario(command: F) -> F:
    """Give a command a scenario and what may be changed of it."""
    for decorate in (
        click.option("--set", "entries", multiple=True, metavar="ENTRY=VALUE", help="Set an entry by its dotted name."),
        click.option(
            "--demand", type=click.Choice(["fitted", "replay"]), help="Fitted to the order lines, or the real days."
        ),
        click.option("--warm-up", type=int, help="Months at the start that are not scored."),
        click.option("--months", type=int, help="Months that are simulated."),
        click.option("--seed", type=int, help="Number from which all luck follows."),
        click.argument("scenario", default=REFERENCE),
    ):
        command = decorate(command)
    return command


def chosen(scenario: str, entries: tuple[str, ...], **options: Any) -> Scenario:
    """The scenario with what the options change of it."""
    from simulator.scenario import load

    homes = {"demand": "demand.history.mode"}
    given = {homes.get(name, f"experiment.{name}"): value for name, value in options.items() if value is not None}
    return load(scenario, {**given, **dict(map(entry, entries))})


def entry(words: str) -> tuple[str, Any]:
    """An entry and its value from ENTRY=VALUE; the value is read as TOML, and as text where it is none."""
    from simulator.entries import assigned
    from simulator.gate import shown, value_of

    given = assigned(words)
    if given is None:
        raise click.UsageError(f"--set is {shown(words)}; it must be ENTRY=VALUE, such as experiment.months=36")
    return given[0], value_of(given[1])


def machine_formats(command: F) -> F:
    """Let a command answer to programs."""
    as_csv = click.option("--csv", "form", flag_value="csv", help="Print CSV.")
    return as_csv(click.option("--json", "form", flag_value="json", help="Print JSON.")(command))


@contextmanager
def progress(about: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work is: a bar on a terminal, a line at either end elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(about, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    began = time.monotonic()
    lines = iter([f"{about} ..."])

    def first_line(done: int, total: int) -> None:  # once the work is under way: what is wrong is told before, alone
        for line in lines:
            click.echo(line, err=True)

    yield first_line
    click.echo(f"{about}: done in {time.monotonic() - began:.1f} s", err=True)
