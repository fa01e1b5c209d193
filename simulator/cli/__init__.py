"""The command line: the same words, defaults and numbers as in Python."""

from __future__ import annotations

import click

from simulator import __version__
from simulator.cli.catalogue import check, describe, policies, verify
from simulator.cli.comparison import compare_policies
from simulator.cli.group import Sop
from simulator.cli.replication import run_once


@click.group(cls=Sop, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sop", message="%(prog)s %(version)s")
def main() -> None:
    """Simulate a company and compare ways of planning it.

    --debug, anywhere, shows where a failure came from.
    """


for command in (compare_policies, run_once, check, describe, policies, verify):
    main.add_command(command)
