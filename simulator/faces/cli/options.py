"""Define the options that several commands share: the scenario and what may be changed of it, machine formats, progress."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from simulator.kernel.messages import Message, Text, listed, msg, number, said

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from simulator.engine.scenario import Scenario
    from simulator.planning import Policy
    from simulator.studies.cost import Cost, Work

F = TypeVar("F", bound=Callable[..., Any])


class Speaking(click.Command):
    """A command whose help is in the language that is spoken when it is read."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it does."""
        with in_language([self]):
            super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write its options."""
        with in_language(self.get_params(ctx)):
            super().format_options(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Sum up the command in a line of the list of commands."""
        with in_language([self]):
            return super().get_short_help_str(limit)


@contextmanager
def in_language(things: Sequence[Any]) -> Iterator[None]:
    """Have the help of commands and options in the language that is spoken, for as long as it is written."""
    english = [getattr(thing, "help", None) for thing in things]
    try:
        for thing, text in zip(things, english, strict=True):
            if text:
                thing.help = said(cleandoc(text))
        yield
    finally:
        for thing, text in zip(things, english, strict=True):
            if text:
                thing.help = text


REFERENCE = "appliances"

TERMINAL_WIDTH = 132  # of a table that goes into a file or pipe


def screen_width() -> int:
    """Columns that a table may take."""
    return shutil.get_terminal_size((TERMINAL_WIDTH, 0)).columns if sys.stdout.isatty() else TERMINAL_WIDTH


class FilePath(click.ParamType):  # type: ignore[type-arg]
    """A file or folder by its path, or where an address is taken by that, as a text."""

    name = "path"

    def __init__(self, address: bool = False) -> None:
        self.address = address

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what no file system can be asked for."""
        from simulator.company.gate import path_of

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


def changed_by_options(scenario: str, entries: tuple[str, ...], **options: Any) -> Scenario:
    """The scenario with what the options change of it."""
    from simulator.engine.scenario import load

    homes = {"demand": "demand.history.mode"}
    given = {homes.get(name, f"experiment.{name}"): value for name, value in options.items() if value is not None}
    return load(scenario, {**given, **dict(map(entry, entries))})


def entry(words: str) -> tuple[str, Any]:
    """An entry and its value from ENTRY=VALUE; the value is read as TOML, and as text where it is none."""
    from simulator.company.entries import assigned
    from simulator.company.gate import short_quote
    from simulator.company.toml import read_value

    given = assigned(words)
    if given is None:
        raise click.UsageError(
            str(msg("--set is {value}; it must be ENTRY=VALUE, such as experiment.months=36", value=short_quote(words)))
        )
    return given[0], read_value(given[1])


def one_of(name: str, **flags: tuple[str, str]) -> Callable[[F], F]:
    """Give a command flags of which one at most may be given: by option its value and its help."""

    def decorate(command: F) -> F:
        @wraps(command)
        def with_one(*args: Any, **options: Any) -> Any:
            chosen = [(f"--{flag}", value) for flag, (value, _) in flags.items() if options.pop(_place(name, flag))]
            if len(chosen) > 1:
                raise click.UsageError(
                    str(
                        msg(
                            "{options} exclude each other; give one of them",
                            options=listed((flag for flag, _ in chosen), " and "),
                        )
                    )
                )
            return command(*args, **options, **{name: chosen[0][1] if chosen else None})

        for flag, (_, text) in reversed(flags.items()):
            with_one = click.option(f"--{flag}", _place(name, flag), is_flag=True, help=text)(with_one)
        return with_one  # type: ignore[return-value]

    return decorate


def _place(name: str, flag: str) -> str:
    return f"{name}_{flag}"


def with_workers(command: F) -> F:
    """Let a command work in several processes; a number that cannot be is refused in every command alike."""
    told = "Processes; as many as there are cores if not given."
    return click.option("--workers", metavar="INTEGER", callback=_workers, help=told)(command)


def _workers(context: click.Context, option: click.Parameter, words: str | None) -> int | None:
    from simulator.kernel.workers import checked_workers

    if words is None:
        return None
    number = words.strip()
    return checked_workers(int(number) if re.fullmatch(r"[+-]?\d{1,18}", number, re.ASCII) else words)


def machine_formats(command: F) -> F:
    """Let a command answer to programs."""
    return one_of("form", json=("json", "Print JSON."), csv=("csv", "Print CSV."))(command)


def refuse_idle(names: Sequence[str], where: Message) -> None:
    """Refuse options that were given and would change nothing there."""
    context = click.get_current_context()
    for parameter in context.command.params:
        option = parameter.opts[0]
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and option.removeprefix("--") in names:
            raise click.UsageError(
                str(
                    msg(
                        "{option} has no effect {where}; leave it out",
                        option=option.removeprefix("--") if option[:2] != "--" else option,
                        where=where,
                    )
                )
            )


LIKE_A_FILE = re.compile(r"\.(?!v\d)[a-z][a-z0-9]{1,6}")
"""What follows the last dot of a file's name, such as .xlsx; of a folder's it is at most a version, such as .v2."""


def must_name_folder(out: Path | str | None, option: str = "--out") -> None:
    """Refuse the name of a file where a folder is to be made, and a place where none can be; one that is there is taken."""
    if not out or Path(out).is_dir():
        return
    folder = Path(out)
    if LIKE_A_FILE.fullmatch(folder.suffix.lower()):
        raise click.UsageError(
            str(
                msg(
                    "{option} is {file}, which ends like a file; it must name a folder, such as {folder}, or one that is there",
                    option=option,
                    file=repr(str(out)),
                    folder=folder.stem,
                )
            )
        )
    above = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    if above.is_file():
        raise click.UsageError(
            str(
                msg(
                    "{option} is {file}, but {above} is a file; name a folder",
                    option=option,
                    file=repr(str(out)),
                    above=repr(str(above)),
                )
            )
        )


def headed(about: Text, remarks: Sequence[Text]) -> str:
    """Open an answer: what was run, then what deserves a look before its figures are believed."""
    return "\n".join([str(about), *(said("look at: {remark}", remark=remark) for remark in remarks)])


def answered(
    form: str | None,
    remarks: Sequence[Text],
    about: Text,
    table: Callable[[], pd.DataFrame],
    record: Callable[[], dict[str, Any]],
    told: Callable[[], Iterable[str]],
) -> str:
    """An answer as it is asked for, with what deserves a look before its figures are believed.

    CSV has no room for that, so it is said aside; a record for JSON holds it; a text opens with what was run and with it.
    """
    from simulator.faces.report import files

    if form == "csv":
        aside(remarks)
        return files.as_csv(table()).rstrip("\n")
    if form == "json":
        return files.as_json(record())
    return "\n\n".join([headed(about, remarks), *told()])


def draw(picture: alt.Chart | alt.LayerChart | alt.VConcatChart, file: Path) -> None:
    """Save a picture, and say where it is."""
    from simulator.faces import charts

    charts.save(picture, file)
    click.echo(said("drawn: {file}", file=f"{file}"), err=True)


def of_one_run(scenario: str, policy: str, replication: int, seed: int) -> Message:
    """Say what was run, where it is one replication."""
    return msg(
        "{scenario}, policy {policy}, replication {replication}, seed {seed}",
        scenario=scenario,
        policy=policy,
        replication=replication,
        seed=f"{seed}",
    )


def with_scenario(table: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Say in every line of a table which company it is of, and what was changed of it."""
    if "scenario" not in table:
        table = table.copy()
        table.insert(0, "scenario", scenario.case)
    return table


def aside(remarks: Sequence[Text]) -> None:
    """Say beside an answer that has no room for it what deserves a look."""
    for remark in remarks:
        click.echo(said("look at: {remark}", remark=remark), err=True)


def asks_first(command: F) -> F:
    """Let a command that may be long be started without a question."""
    return click.option("--yes", is_flag=True, help="Start without asking, however long it takes.")(command)


def tell_cost(
    case: Scenario,
    policies: Sequence[Policy],
    works: Sequence[tuple[Any, ...] | Work],
    yes: bool,
    workers: int | None = 1,
    always_shared: bool = True,
) -> int | None:
    """Say what long work will take before it starts, and what deserves a look before that; ask where it is very long.

    How many workers will share it is returned: those that are asked for, one where it is not worth sharing.

    A work is a scenario, a policy, its replications, and how many times that is run where it is not once.
    """
    from simulator.results.cautions import cautions
    from simulator.studies.cost import Work, cost, workers_for

    told = [Work(*work) if isinstance(work, tuple) else work for work in works]
    workers = workers if always_shared else workers_for(told, workers)
    found = cost(told, workers, timing_told)
    if found:
        announced(found, yes, cautions(case, policies))
    return workers


def timing_told() -> None:
    """Give a sign of life before the cost is known."""
    click.echo(said("finding out how long this takes ..."), err=True)


def announced(found: Cost, yes: bool, remarks: Sequence[Text] = ()) -> None:
    """Say a cost, and ask where it is high."""
    from simulator.studies.plan import ASKED_FROM

    if found.seconds >= ASKED_FROM:  # else the answer is soon there, and says it at its head
        aside(remarks)
    click.echo(str(found.sentence()), err=True)
    confirm(found.seconds, yes)


def confirm(seconds: float, yes: bool) -> None:
    """Ask before anything long; where nobody can be asked, say how to answer."""
    from simulator.studies.plan import ASKED_FROM, duration_words

    if yes or seconds < ASKED_FROM:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(
            str(
                msg("this takes about {time}; give --yes to start it, or take fewer runs", time=duration_words(seconds))
            )
        )
    click.confirm(said("Start it?"), abort=True, err=True)


@contextmanager
def bar(about: Message) -> Iterator[Callable[[int, int], None]]:
    """Show how far work is that is mostly short: a bar on a terminal once it is heard of, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with ExitStack() as shown:
        show: list[Callable[[int, int], None]] = []

        def tell(done: int, total: int) -> None:
            if not show:
                show.append(shown.enter_context(progress(about)))
            show[0](done, total)

        yield tell


@contextmanager
def progress(about: Message, still: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Show how far long work is: a bar on a terminal, a line at either end elsewhere.

    A `still` bar moves with the work alone, without a thread that may hold a lock while processes are forked.
    """
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True, auto_refresh=not still) as shown:
            task = shown.add_task(str(about), total=None)
            shown.refresh()
            yield lambda done, total: shown.update(task, completed=done, total=total, refresh=still)
        return
    began = time.monotonic()
    lines = iter([said("{work} ...", work=about)])

    def first_line(done: int, total: int) -> None:  # once the work is under way: what is wrong is told before, alone
        for line in lines:
            click.echo(line, err=True)

    yield first_line
    seconds = number(time.monotonic() - began, 1)
    click.echo(said("{work}: done in {seconds} s", work=about, seconds=seconds), err=True)
