"""Options and tables of commands that bring policies to one target before they compare them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator.kernel.messages import msg, said

if TYPE_CHECKING:
    from simulator.engine.scenario import Scenario
    from simulator.results.equal_service import Tuned
    from simulator.results.target import CommonTarget

Made = TypeVar("Made", bound=Callable[..., Any])

AT_ONCE, TO_TUNE, OF_A_COMBINATION = 1, 4, 2
"""Times that a policy is run: as it is, brought to a target and scored, and so as one of many combinations."""


def with_target(command: Made) -> Made:
    """Give a command that compares at equal service a target of one's own, and the picture with buffers as they run."""
    command = click.option("--as-run", is_flag=True, help="Leave each policy the buffer that it runs with.")(command)
    return click.option(
        "--at",
        "targets",
        multiple=True,
        metavar="MEASURE=FIGURE|contract",
        help="The target to which all are brought; the fill rate that the contract asks for if not given.",
    )(command)


CONTRACT = "contract"
"""The target that a scenario itself states."""


def one_target(targets: tuple[str, ...], case: Scenario, usual: bool = False) -> CommonTarget | None:
    """The one target that all are brought to, if any: the contract's where it is asked for, or usual."""
    from simulator.results.target import target_of

    if len(targets) > 1:
        raise click.UsageError(
            str(msg("--at is given {n} times; all policies are brought to one target, name one", n=len(targets)))
        )
    if targets == (CONTRACT,) or (usual and not targets):
        return target_of({"fill_rate": case.experiment.service_target})
    return target_of(targets[0]) if targets else None


def target_unless(targets: tuple[str, ...], as_run: bool, case: Scenario) -> CommonTarget | None:
    """The target that is named or the contract's, where policies do not keep the buffers that they run with."""
    if targets and as_run:
        raise click.UsageError(str(msg("{options} exclude each other; give one of them", options="--at and --as-run")))
    return None if as_run else one_target(targets, case, usual=True)


def settings_told(tuned: Mapping[str, Tuned]) -> Iterator[str]:
    """The setting of each policy as it runs and at the target, what it reached on fresh luck, and how often."""
    from simulator.faces.report import figures
    from simulator.results.equal_words import setting_of, setting_words

    target = next(iter(tuned.values())).target
    head = [
        said("brought to {target}", target=target.words()),
        said("as run"),
        said("setting"),
        said("on fresh luck"),
        said("runs on target"),
    ]
    rows = []
    for name, one in tuned.items():
        on_target = setting_of(name, one)["share_on_target"]
        share = "" if target.name == "contract_missed" else f"{100 * on_target:.0f} %"
        settings = [setting_words(one, value) for value in (one.value_as_run, one.value)]
        rows.append([name, *settings, reached_told(one), share])
    yield figures.aligned([head, *rows])


def reached_told(one: Tuned) -> str:
    """Tell what a setting reached on fresh luck; marked where that is not meant to be the target."""
    from simulator.faces.report import figures
    from simulator.results.equal_service import Outcome
    from simulator.results.equal_words import setting_of

    row = {**setting_of(one.policy.name, one), "unit": one.target.measure.unit}
    return figures.with_half_width(row) + ("" if one.outcome is Outcome.REACHED else " !")
