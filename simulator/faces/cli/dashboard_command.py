"""sop dashboard: the pages for managers and trainers, on this machine only; a class, when asked for, on the local network."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from simulator.faces.cli.class_command import EVERYWHERE, announce, in_the_network, open_class
from simulator.faces.cli.options import FilePath, Speaking, must_name_folder, refuse_idle
from simulator.kernel.messages import msg, said, spoken

HOST = "127.0.0.1"
PYTHON = [sys.executable, "-P", "-s"]  # imports nothing from the current folder or the user's


@click.command("dashboard", cls=Speaking)
@click.option("--port", type=click.IntRange(1024, 65535), default=8501, show_default=True, help="Where it listens.")
@click.option(
    "--results",
    type=FilePath(),
    default=Path("results"),
    show_default=True,
    help="Folder in which simulated answers are kept.",
)
@click.option(
    "--address",
    "addresses",
    multiple=True,
    metavar="URL",
    help="Where a proxy of yours serves it, too, such as https://plan.example.com; all others are refused.",
)
@click.option("--examples", is_flag=True, help="Simulate the examples that pages open with afresh, and end.")
@click.option("--class", "is_class", is_flag=True, help="Open a class on the local network instead: the training room.")
@click.option(
    "--lesson", default="siloed-against-sop", show_default=True, help="Lesson of the class: a name or a file."
)
@click.option(
    "--teams", type=click.IntRange(0, 30), default=6, show_default=True, help="Teams of the class to begin with."
)
@click.option("--new", is_flag=True, help="Begin a new class; without it, one that was not finished goes on.")
def dashboard(
    port: int,
    results: Path,
    addresses: tuple[str, ...],
    examples: bool,
    is_class: bool,
    lesson: str,
    teams: int,
    new: bool,
) -> int:
    """Start the dashboard on this machine; Ctrl-C ends it."""
    if click.get_current_context().find_root().params.get("rules"):
        raise click.UsageError(
            said(
                "--rules has no effect on the dashboard, which many may use: it computes with the rules that come with the "
                "product and with those of installed packages; leave --rules out"
            )
        )
    must_name_folder(results, "--results")
    if examples:
        refuse_idle(["port", "class"], msg("with --examples, which serves nothing"))
    if not is_class:
        refuse_idle(["lesson", "teams", "new"], msg("without --class"))
    from simulator.company.files import PACKAGE
    from simulator.kernel.extras import must_have
    from simulator.kernel.units import ScenarioError

    pages = PACKAGE.parent / "dashboard"
    must_have(msg("the dashboard"), "dashboard", "streamlit", "altair", "vl_convert", "xlsxwriter")
    if not pages.is_dir():
        raise ScenarioError(msg("the dashboard needs {what}; install sop-sandbox anew", what=msg("its pages")))
    named = ",".join(map(origin, addresses))
    home = {
        **os.environ,
        "SOP_RESULTS": str(results.absolute()),
        "SOP_ADDRESSES": named,
        "PYTHONPATH": str(PACKAGE.parent),
    }
    if examples:
        return subprocess.call([*PYTHON, "-m", "dashboard.build"], env=home)
    host = EVERYWHERE if is_class else HOST
    if not free(port, host):
        raise ScenarioError(
            msg(
                "--port is {port}, which another program uses; take another one, such as {other}",
                port=port,
                other=port + 1,
            )
        )
    if is_class:
        address = (named.split(",")[0] if named else "") or f"http://{in_the_network()}:{port}"
        chosen = click.get_current_context().get_parameter_source("lesson") != ParameterSource.DEFAULT
        announce(*open_class(results / "classes", lesson, teams, new, not chosen), address)
        sys.stdout.flush()
        asked = json.dumps({"host": host, "port": port, "address": address, "language": spoken().language})
        return serve([*PYTHON, "-m", "dashboard.classroom.server", asked], home)
    click.echo(said("The dashboard is at {address} (Ctrl-C ends it)", address=f"http://{HOST}:{port}"))
    sys.stdout.flush()
    return serve(server(pages, port), home)


def server(pages: Path, port: int) -> list[str]:
    """The program that serves the pages."""
    options = ["--server.port", str(port), "--server.address", HOST, "--logger.hideWelcomeMessage", "true"]
    return [*PYTHON, "-m", "simulator.faces.cli.serving", str(pages / "server.py"), *options]


def origin(address: str) -> str:
    """An address as browsers tell it: scheme, host, and the port if it is not the usual one."""
    from simulator.kernel.units import ScenarioError

    wrong = msg(
        "--address is {value}; it must be as a browser shows it, without a path, such as https://plan.example.com",
        value=repr(address),
    )
    try:
        told = urlsplit(address)
        port = told.port
    except ValueError:
        raise ScenarioError(wrong) from None
    usual, host = {"http": 80, "https": 443}.get(told.scheme), told.netloc.lower().removesuffix(f":{port}")
    more = told.path.strip("/") or told.query or told.fragment
    if usual is None or more or not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]", host):
        raise ScenarioError(wrong)
    return f"{told.scheme}://{host}" if port in (None, usual) else f"{told.scheme}://{host}:{port}"


def free(port: int, host: str = HOST) -> bool:
    """Tell if no program listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serve(command: list[str], home: dict[str, str]) -> int:
    """Run the server to its end; where the system can, this process becomes it, so that Ctrl-C is its own."""
    if os.name == "nt":
        return subprocess.call(command, env=home)
    os.execve(command[0], command, home)
