"""Remake what is generated in the documents: docs/api.md from docstrings, files and outputs shown in docs/tutorial.md.

    .venv/bin/python .ci/documents.py

`tests/test_docs.py` says when they are out of date.
"""

import inspect
import os
import re
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL, API = ROOT / "docs" / "tutorial.md", ROOT / "docs" / "api.md"
BLOCK = re.compile(r"```(toml|console)\n(.*?)```", re.S)
COMMAND = "$ python3 start.py sop "


# The tutorial


def filled(text):
    """Fill the tutorial: each TOML block with the file of its step, each command with what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        workplace(Path(folder))
        before = Path.cwd()
        os.chdir(folder)
        try:
            return BLOCK.sub(lambda block: f"```{block[1]}\n{content(block[1], block[2])}```", text)
        finally:
            os.chdir(before)


def workplace(folder):
    """Copy what commands of documents name, so that what they write lies nowhere else."""
    shutil.copytree(ROOT / "docs" / "tutorial", folder / "docs" / "tutorial")
    (folder / "scenarios").mkdir()
    for file in (ROOT / "scenarios").glob("*.toml"):
        shutil.copy(file, folder / "scenarios")


def content(kind, block):
    """Say what a block is to hold."""
    if kind == "toml":
        step = block.splitlines()[0].partition(":")[0]
        return next(text for text in steps() if text.startswith(step)).rstrip() + "\n"
    commands = [line for line in block.splitlines() if line.startswith(COMMAND)]
    return "".join(f"{line}\n{printed(line)}" for line in commands)


def steps():
    """Read the files of the tutorial."""
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "tutorial").glob("*.toml"))]


def printed(line):
    """Run a command and return what it prints on its standard output."""
    from click.testing import CliRunner

    from simulator.faces.cli import main

    result = CliRunner().invoke(main, shlex.split(line.removeprefix(COMMAND)))
    if result.exit_code:
        raise SystemExit(f"{line}\n{result.output}")
    return "\n".join(row.rstrip() for row in result.stdout.splitlines()).strip() + "\n"


# The reference of the Python interface


def reference():
    """Write the reference of all public names, from their docstrings and declarations."""
    import simulator
    from simulator.engine.scenario import Experiment, Scenario
    from simulator.planning import Policy
    from simulator.results.bridge import Bridge
    from simulator.results.comparison import Comparison
    from simulator.results.run import Run
    from simulator.studies.results import Results

    functions = [getattr(simulator, name) for name in simulator.__all__ if not name.startswith("_")]
    parts = [
        HEAD,
        "## Functions\n\nAll of them are imported from `simulator`.",
        *(function(each) for each in functions),
        "## What they hand out",
        *(record(kind) for kind in (Scenario, Run, Comparison, Bridge, Results)),
        "## Entries of a policy and of an experiment",
        *(entries(kind) for kind in (Policy, Experiment)),
        "## Rules\n\nA rule of one's own is a subclass of one of these with a name (docs/your-own.md).",
        *rules(),
        "## Measures\n\nThe definition is the docstring of the function that works the measure out.",
        measures(),
    ]
    return "\n\n".join(parts) + "\n"


HEAD = """# The Python interface

<!-- Made by .ci/documents.py from docstrings; change those, then run it again. -->

What stands here keeps its name within a minor version. All else is inside and may move."""


def function(found):
    """Describe a function: its signature, its home and its docstring."""
    called = f"{found.__name__}{signature(found, ',' + chr(10) + '    ')}"
    return f"### `{found.__name__}`\n\n<!-- not run: a signature -->\n```text\n{called}\n```\n\n{spoken(found)} *(`{found.__module__}`)*"


def signature(found, between=", "):
    """Write a signature without its own object; a default that is no plain value is left to the code."""
    told = inspect.signature(found)
    kept = [parameter(p) for name, p in told.parameters.items() if name != "self"]
    inside = between.join(kept) if len(kept) > 1 else "".join(kept)
    inside = f"\n    {inside},\n" if "\n" in between and len(kept) > 2 else ", ".join(kept)
    answer = "" if told.return_annotation is told.empty else f" -> {typed(told.return_annotation)}"
    return f"({inside}){answer}"


def parameter(told):
    """Write a parameter with its type and its default."""
    text = f"{told.name}: {typed(told.annotation)}"
    if told.default is told.empty:
        return text
    plain = told.default is None or isinstance(told.default, str | int | float | bool)
    return f"{text} = {told.default!r}" if plain else f"{text} = ..."


def typed(annotation):
    """Write a type as the code does."""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def spoken(found):
    """Write the docstring as one paragraph for each of its own."""
    return "\n\n".join(" ".join(part.split()) for part in (inspect.getdoc(found) or "").split("\n\n"))


def in_a_list(found):
    """Write the docstring so that its later paragraphs stay within an entry of a list."""
    return spoken(found).replace("\n\n", "\n  ")


def own(kind):
    """List the public members that a class itself defines, in their order."""
    return [(name, found) for name, found in vars(kind).items() if not name.startswith("_")]


def record(kind):
    """Describe a class by its docstring and its public members."""
    rows = [f"### `{kind.__name__}`", f"{spoken(kind)} *(`{kind.__module__}`)*"]
    told = []
    for name, found in own(kind):
        if inspect.isfunction(found):
            told.append(f"- `{name}{signature(found)}`: {in_a_list(found)}")
        elif isinstance(found, property) or type(found).__name__ == "cached_property":
            told.append(f"- `{name}`: {in_a_list(found.fget if isinstance(found, property) else found.func)}")
    return "\n\n".join([*rows, "\n".join(told)]) if told else "\n\n".join(rows)


def entries(kind):
    """Tabulate the entries of a record with unit and meaning."""
    rows = ["| entry | unit | meaning |", "| --- | --- | --- |"]
    for name, field in kind.model_fields.items():
        declared = field.json_schema_extra or {}
        rows.append(f"| `{name}` | {declared.get('unit', '')} | {cell(field.description or '')} |")
    return f"### `{kind.__name__}`\n\n{spoken(kind)}\n\n" + "\n".join(rows)


def cell(text):
    """Keep a text within its cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def rules():
    """Describe each kind of rule: what it is asked, what it answers, and the rules that come with the product."""
    from simulator.planning import rules as home

    for kind in vars(home).values():
        if not (inspect.isclass(kind) and issubclass(kind, home.Rule) and kind.__module__ == home.__name__):
            continue
        yield record(kind)
        if kind is home.Rule:
            continue
        shipped = {n: r for n, r in sorted(kind.known.items()) if r.__module__.startswith("simulator.")}
        yield f"Asked as `{kind.__name__}{signature(kind.__call__)}`. Rules:\n\n" + "\n".join(
            f"- `{name}`: {spoken(rule).splitlines()[0]}" for name, rule in shipped.items()
        )


def measures():
    """Tabulate all measures with their definitions."""
    from simulator.results.kpis.registry import MEASURES

    rows = [
        "| measure | title | unit | better | matters beyond | definition |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    rows += [
        f"| `{m.name}` | {cell(m.title)} | {m.unit} | {m.better} | {m.matters.text(m.unit)} | {cell(m.definition)} |"
        for m in sorted(MEASURES.values(), key=lambda m: m.name)
    ]
    return "\n".join(rows)


def main():
    """Remake both documents."""
    API.write_text(reference(), encoding="utf-8")
    TUTORIAL.write_text(filled(TUTORIAL.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
