"""Validate the words of a file: a record, or one sentence for each entry that is wrong."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import ValidationError

from simulator.company import Company
from simulator.company.entries import dotted_below
from simulator.company.gate import LARGEST_NUMBER
from simulator.company.problems import problem_sentence, value_as_written
from simulator.kernel.messages import Listed, listed, msg, number, plural
from simulator.kernel.units import Record, ScenarioError, in_file
from simulator.planning import Policy

BESIDE_COMPANY = ("company", "experiment", "extends", "names", "policies")
"""Entries of a scenario file beside those of the company."""

HEAD = [entry for entry, field in Company.model_fields.items() if field.annotation in (str, bool)]
"""Entries of the company that a file keeps in its table `company`."""

MOST_TOLD = 5
"""Problems of one file that are told in full."""

R = TypeVar("R", bound=Record)


def validated(kind: type[R], words: Any, source: str, where: str = "") -> R:
    """A record from words, or one sentence on what is wrong with them."""
    try:
        found = kind.model_validate_json(json.dumps(words, default=str))
    except ValidationError as error:
        raise ScenarioError(problem_lines(error, kind, source, where, currency_of(words))) from None
    if kind in (Company, Policy):
        refuse_beyond_reckoning(words, source, where)
    return found


def currency_of(words: Any) -> str:
    """Name the currency of a company's words, if they state it rightly."""
    said = words.get("currency", Company.model_fields["currency"].default) if isinstance(words, dict) else None
    return said if isinstance(said, str) and len(said) == 3 else "money"


def refuse_beyond_reckoning(words: Any, source: str, where: str) -> None:
    """Refuse numbers beyond which units are no longer counted one by one, in lists as well."""
    if isinstance(words, dict | list | tuple):
        inside = words.items() if isinstance(words, dict) else enumerate(words)
        for key, value in inside:
            if isinstance(value, dict | list | tuple | float | int):
                refuse_beyond_reckoning(value, source, dotted_below(where, key))
    elif abs(words) > LARGEST_NUMBER:
        raise ScenarioError(
            in_file(
                source,
                msg(
                    "{entry} is {value}; it must be at most {most}",
                    entry=where,
                    value=value_as_written(words),
                    most=number(LARGEST_NUMBER),
                ),
            )
        )


def problem_lines(
    error: ValidationError, kind: type[Record], source: str, where: str, currency: str = "money"
) -> Listed:
    """The problems of a validation, a sentence and line each; what follows from many is seen once the first are mended."""
    problems = error.errors(include_url=False)
    others = BESIDE_COMPANY if kind is Company else ()
    table = dict.fromkeys(HEAD, "company") if kind is Company else {}
    told = [
        problem_sentence(problem, kind, table.get(str(next(iter(problem["loc"]), "")), where), others, currency)
        for problem in problems[:MOST_TOLD]
    ]
    if more := len(problems) - len(told):
        told.append(plural("{n} more entry is wrong", "{n} more entries are wrong", more))
    return listed([in_file(source, each) for each in told], "\n")
