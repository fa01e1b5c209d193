"""End the command line: with a result, or with one sentence and a status that says whose fault it was."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, NoReturn

import click

from simulator.faces.cli.options import Speaking, bar
from simulator.kernel.interrupts import Ended, heard
from simulator.kernel.messages import LANGUAGES, language_of, listed, msg, said, speaking, spoken
from simulator.kernel.watching import watched

FAILED, WRONG_INPUT, STOPPED = 1, 2, 130
ENDLESS = re.compile(r"(\S{200})\S{100,}")
LONG = 1_200
"""Characters up to which a plain argument needs no closer look, and a sentence is read to its end."""


class Sop(Speaking, click.Group):
    """The group of all commands; `--debug` anywhere shows where a failure came from, `--language` sets how all is said."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run a command and end the program with its status."""
        words = [*(sys.argv[1:] if args is None else args)]
        debug = "--debug" in words
        extra["standalone_mode"] = False
        ready_to_write()
        with ExitStack() as speech:
            speech.enter_context(speaking(language_of(os.environ)))
            speech.enter_context(watched(bar))
            try:
                for word in words:
                    refuse_argument(word)
                language, words = language_asked(words)
                speech.enter_context(speaking(language))
                with heard():
                    status = super().main([word for word in words if word != "--debug"], *rest, **extra)
                    sys.stdout.flush()
            except (click.Abort, KeyboardInterrupt):
                sys.exit(STOPPED)
            except Ended as ended:
                sys.exit(ended.status)
            except BrokenPipeError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever reads us has enough
                sys.exit(FAILED)
            except Exception as error:
                if debug:
                    raise
                sys.exit(told(error))
            sys.exit(status if isinstance(status, int) else 0)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command, or say which there are."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(
                str(
                    msg(
                        "there is no command {name}; there are {names}",
                        name=repr(args[0]),
                        names=listed(self.list_commands(ctx), ", "),
                    )
                )
            )
        return super().resolve_command(ctx, args)


def language_asked(words: Sequence[str]) -> tuple[str, list[str]]:
    """Find the language that `--language` asks for, else the one spoken here, and the words that are left."""
    language, left = spoken().language, []
    said = iter(words)
    for word in said:
        name, equals, value = word.partition("=")
        if name != "--language":
            left.append(word)
            continue
        language = value if equals else next(said, "")
        if language not in LANGUAGES:
            raise click.UsageError(
                str(
                    msg(
                        "--language is {language}; it must be one of {languages}",
                        language=repr(language),
                        languages=listed(LANGUAGES, ", "),
                    )
                )
            )
    return language, left


def ready_to_write() -> None:
    """Let nothing that is said fail on the way out: where nobody listens it is dropped, what a code page lacks is spelt."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, it stays open
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def refuse_argument(word: str) -> None:
    """Refuse an argument that nothing can be made of: nobody types it, but programs do."""
    if word.isascii() and word.isprintable() and len(word) < LONG:
        return
    from simulator.company import gate

    gate.refuse_argument(word)


def told(error: Exception) -> int:
    """Say what went wrong in plain words, and return the exit status."""
    if isinstance(error, click.NoSuchOption) and error.option_name == "--rules":
        return say("--rules stands before the command, as in sop --rules mine.py compare; move it there", WRONG_INPUT)
    if isinstance(error, click.ClickException):
        return say(" ".join(error.format_message().split()), error.exit_code)
    from simulator.kernel.units import (  # NumPy comes with it, which few mistakes on the command line need
        ScenarioError,
        WorkError,
    )

    if isinstance(error, ScenarioError):
        return say(str(error), WRONG_INPUT)
    if isinstance(error, WorkError):
        return say(str(error), FAILED)
    if isinstance(error, MemoryError):
        return say(said("the memory does not suffice; take fewer months or products"), FAILED)
    if isinstance(error, OSError):
        file = error.filename or msg("a file")
        return say(said("{file} cannot be used: {why}", file=file, why=error.strerror or f"{error}"), FAILED)
    kind, why = type(error).__name__, f"{error}"
    fault = said("{kind}: {why}; this is a fault of the program, --debug shows where", kind=kind, why=why)
    return say(fault, FAILED)


def say(sentence: str, status: int) -> int:
    """One line on stderr for each sentence; of a word that nobody can read to its end, the beginning."""
    for line in ENDLESS.sub(r"\g<1>…", sentence).splitlines():
        click.echo(f"sop: {line if len(line) <= LONG else line[:LONG] + '…'}", err=True)
    return status
