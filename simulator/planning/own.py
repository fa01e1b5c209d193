"""Rules of one's own: from a file that the person at the keyboard names, and from packages that are installed here.

A rules file is Python: whoever loads it lets it do whatever Python can. So it comes from the command line alone, never
from what a scenario, a policy, a study or a visitor of the pages says.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, wraps
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from simulator.company.gate import content_of, path_of
from simulator.kernel.messages import Message, listed, msg
from simulator.kernel.units import ScenarioError
from simulator.kernel.workers import first_of_all
from simulator.planning.rules import OWN, Rule, rights, shipped

GROUP = "sop.rules"
"""The group of entry points by which an installed package says in which module its rules are."""


@dataclass(frozen=True)
class RulesFile:
    """A rules file as it was read, and as it travels to workers: its text, whatever is written there later."""

    path: str
    text: bytes

    @property
    def name(self) -> str:
        """Name it as messages do."""
        return Path(self.path).name

    @property
    def module(self) -> str:
        """The name of its module: equal for equal texts, in every process."""
        return f"{OWN}{hashlib.sha256(self.text).hexdigest()[:16]}"


LOADED: dict[str, RulesFile] = {}
"""The rules files of this process, by module; like the rules that are known, it only grows."""


def load_rules(path: str | Path) -> None:
    """Load a rules file, here and in every worker that starts from now on.

    Raises ScenarioError: one sentence with file and line.
    """
    where = path_of(path, "--rules")
    file = RulesFile(str(where.absolute()), content_of(where, kind="rules file"))
    if file.module not in LOADED:
        take_in(file)
        first_of_all(partial(take_in, file))


def take_in(file: RulesFile) -> None:
    """Make the rules of a file known to every policy; once in each process, and all of them or none."""
    if file.module in LOADED:
        return
    known: list[type[Rule]] = [Rule, *rights()]
    before = {right: dict(right.known) for right in known}
    module = ModuleType(file.module)
    module.__file__ = file.path
    sys.modules[file.module] = module
    try:
        exec(compile(file.text, file.path, "exec", dont_inherit=True), vars(module))
        rules = [rule for right, old in before.items() for name, rule in right.known.items() if old.get(name) != rule]
        refuse_unfit_rules(file, rules)
    except BaseException as error:
        withdraw(file.module, before)
        if isinstance(error, MemoryError) or not isinstance(error, Exception | SystemExit):
            raise
        raise ScenarioError(unloadable(file, error)) from error
    for rule in rules:
        if "__call__" in vars(rule):
            setattr(rule, "__call__", blamed(rule, file))  # noqa: B010, the class is not known to type checkers
    LOADED[file.module] = file


def withdraw(module: str, before: dict[type[Rule], dict[str, type[Rule]]]) -> None:
    """Know no more rules than before."""
    sys.modules.pop(module, None)
    for right, known in before.items():
        right.known.clear()
        right.known.update(known)


def refuse_unfit_rules(file: RulesFile, rules: list[type[Rule]]) -> None:
    """Refuse a file that brings no rule, or one that could never be asked."""
    if not rules:
        raise ValueError(msg('it holds no rule; a rule is a class such as class Mine(SafetyStock, name="mine")'))
    for rule in rules:
        right = next((kind for kind in rules_above(rule) if kind in rights()), None)
        if right is None:
            kinds = listed([kind.__name__ for kind in rights()])
            raise ValueError(msg("rule {rule} decides nothing; it must be one of {kinds}", rule=rule.name, kinds=kinds))
        if rule.__call__ is right.__call__:
            raise ValueError(msg("rule {rule} answers nothing; give it a method __call__", rule=rule.name))


def rules_above(rule: type[Rule]) -> Iterator[type[Rule]]:
    """List what a rule is built on."""
    return (kind for kind in rule.__mro__ if issubclass(kind, Rule) and kind is not rule)


def unloadable(file: RulesFile, error: BaseException) -> Message:
    """Say why a rules file cannot be loaded, and at which line."""
    told = error.args[0] if type(error) in (ValueError, ScenarioError) and error.args else None
    if isinstance(error, SyntaxError) and error.filename == file.path:
        line, why = error.lineno, msg("it is no Python: {error}", error=error.msg)
    else:
        line = line_in(file, error)
        why = told if isinstance(told, Message) else in_words(error)
    if line is None:
        return msg("{file} cannot be loaded as rules: {why}", file=file.name, why=why)
    return msg("{file}, line {line}: cannot be loaded as rules: {why}", file=file.name, line=line, why=why)


def in_words(error: BaseException) -> Message:
    """Say what Python says of an error."""
    said = " ".join(str(error).split()) or "-"
    return msg("{kind}: {error}", kind=type(error).__name__, error=said)


def line_in(file: RulesFile, error: BaseException) -> int | None:
    """Find the last line of the file on the way to an error."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == file.path]
    return lines[-1] if lines else None


def blamed(rule: type[Rule], file: RulesFile) -> Callable[..., Any]:
    """Have a rule that fails while it decides say so, by file and line."""
    call = rule.__call__

    @wraps(call)
    def decide(*asked: Any, **more: Any) -> Any:
        try:
            return call(*asked, **more)
        except (ScenarioError, MemoryError):
            raise
        except Exception as error:
            line, why = line_in(file, error) or 0, in_words(error)
            said = msg(
                "{file}, line {line}: rule {rule} fails: {why}", file=file.name, line=line, rule=rule.name, why=why
            )
            raise ScenarioError(said) from error

    return decide


# Packages


def take_in_installed(found: Callable[[], list[EntryPoint]] = lambda: [*entry_points(group=GROUP)]) -> None:
    """Make the rules of installed packages known: to import the module that a package names is enough."""
    for entry in found():
        try:
            entry.load()
        except Exception as error:
            package = entry.dist.name if entry.dist else entry.module
            raise ScenarioError(
                msg(
                    "the rules {rules} of the installed package {package} cannot be loaded: {why}; mend or uninstall it",
                    rules=entry.value, package=package, why=in_words(error),
                )
            ) from error  # fmt: skip


# What results follow from


def own_rules() -> dict[str, type[Rule]]:
    """List the rules that are known and do not come with the product, by right and name."""
    return {f"{right.kind} {name}": r for right in rights() for name, r in right.known.items() if not shipped(r)}


def texts_behind(*said: Any) -> list[str]:
    """Hash the text behind each rule of one's own that is named in what a policy or setting says; sorted."""
    named = {*strings(said)}
    return sorted({text_behind(rule) for rule in own_rules().values() if rule.name in named})


def text_behind(rule: type[Rule]) -> str:
    """Hash the text that a rule is written in; of one that was typed in, its name is all there is."""
    file, module = LOADED.get(rule.__module__), sys.modules.get(rule.__module__)
    try:
        text = file.text if file else inspect.getsource(module).encode() if module else rule.name.encode()
    except (OSError, TypeError):
        text = rule.name.encode()
    return hashlib.sha256(text).hexdigest()


def strings(said: Any) -> Iterator[str]:
    """List every text in tables and lists."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for value in said.values():
            yield from strings(value)
    elif isinstance(said, list | tuple):
        for value in said:
            yield from strings(value)
