"""The command that starts the pages."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request

from reader import EXAMPLES

from simulator.faces.cli import main
from simulator.faces.cli.dashboard_command import free

COMMAND = [sys.executable, "-m", "simulator.faces.cli", "dashboard"]
HOME = {**os.environ, "PYTHONPATH": str(EXAMPLES.parent.parent), "SOP_STAND_BY": "0"}


def test_a_port_that_is_taken_is_named():
    """One sentence, status 2, and what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, env=HOME)
    assert told.returncode == 2
    assert f"--port is {port}" in told.stderr
    assert "Traceback" not in told.stderr


def test_it_says_where_it_is_answers_and_ends_on_ctrl_c(tmp_path):
    """From start to end as a user has it; its answers carry the headers that keep strangers out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert free(port)
    command = [*COMMAND, "--port", str(port), "--results", str(tmp_path)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=HOME, cwd=tmp_path, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # the tests may run where Ctrl-C is ignored
    )  # fmt: skip
    try:
        assert f"http://127.0.0.1:{port}" in server.stdout.readline()
        headers = dict(answer(f"http://127.0.0.1:{port}/ready").headers)
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in headers["content-security-policy"]
    finally:
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(timeout=10) == 130


def answer(address):
    """What the server says, as soon as it says anything."""
    import time

    for _ in range(300):
        try:
            return urllib.request.urlopen(address, timeout=2)
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the dashboard did not answer")


def test_the_command_is_listed():
    """`sop --help` knows it."""
    assert "dashboard" in main.commands
