"""Nothing leaves this machine: pages from elsewhere are refused at the gate, and the server calls nobody."""

import asyncio
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import websockets
from click.testing import CliRunner
from reader import EXAMPLES
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.gate import Gate
from simulator.faces.cli import main
from simulator.faces.cli.dashboard_command import origin, server
from simulator.kernel.units import ScenarioError

ROOT = EXAMPLES.parent.parent
PROXY = "https://plan.example.com"
OTHERS = ["http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1", "http://localhost:1", "null", ""]


class Dashboard:
    """A server that runs, and what it asked of the network."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        shutil.copy(Path(__file__).with_name("watched.py"), folder / "sitecustomize.py")
        self.log = folder / "watched.txt"
        self.own = f"http://127.0.0.1:{self.port}"
        home = {
            **os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "SOP_WATCHED": str(self.log), "SOP_STAND_BY": "0",
            "SOP_RESULTS": str(folder / "results"), "SOP_ADDRESSES": PROXY,
        }  # fmt: skip
        self.run = subprocess.Popen(server(ROOT / "dashboard", self.port), env=home, cwd=folder)

    def ready(self):
        """Wait until it answers."""
        for _ in range(600):
            assert self.run.poll() is None, "the dashboard ended before it answered"
            try:
                if self.ask("GET", "/ready")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the dashboard did not answer")

    def ask(self, method, path, body=None, **headers):
        """Status, headers and content of an answer."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        told = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        link.request(method, path, body, told)
        answer = link.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    async def visit(self, origin, host=None, then=lambda session, files: None):
        """Open the page, read until it is drawn, then do something with the session and the files that it offers."""
        url, how = f"ws://{host or f'127.0.0.1:{self.port}'}/_stcore/stream", {"host": "127.0.0.1", "port": self.port}
        async with websockets.connect(url, subprotocols=["streamlit"], max_size=None, origin=origin, **how) as link:
            message, session, files = BackMsg(), "", set()
            message.rerun_script.query_string = ""
            await link.send(message.SerializeToString())
            while True:
                content = await asyncio.wait_for(link.recv(), 60)
                told = ForwardMsg()
                told.ParseFromString(content)
                files |= {found.decode() for found in re.findall(rb"/media/[0-9a-f]+\.\w+", content)}
                kind = told.WhichOneof("type")
                session = told.new_session.initialize.session_id if kind == "new_session" else session
                if kind == "script_finished":
                    return await asyncio.to_thread(then, session, files)


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    """Started as the command starts it, in a process that is watched."""
    found = Dashboard(tmp_path_factory.mktemp("watched"))
    try:
        yield found.ready()
    finally:
        found.run.terminate()
        found.run.wait(timeout=20)


def outward(dashboard):
    """What the server asked of the network beyond this machine."""
    return dashboard.log.read_text() if dashboard.log.exists() else ""


def test_the_watch_sees_a_call(tmp_path):
    """A test that could not fail would say nothing."""
    shutil.copy(Path(__file__).with_name("watched.py"), tmp_path / "sitecustomize.py")
    home = {**os.environ, "PYTHONPATH": str(tmp_path), "SOP_WATCHED": str(tmp_path / "log.txt")}
    call = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", call], env=home, check=False)
    assert (tmp_path / "log.txt").read_text() == "socket.connect 192.0.2.1\n"


@pytest.mark.parametrize("other", OTHERS)
def test_a_page_from_elsewhere_is_refused_and_nobody_is_called(dashboard, other):
    """Another site, another port of this machine, another scheme, a file: on pages, uploads and the WebSocket."""
    for method, path in (
        ("GET", "/"),
        ("GET", "/_stcore/health"),
        ("POST", "/_stcore/upload_file/a/b"),
        ("PUT", "/ready"),
    ):
        status, headers, content = dashboard.ask(method, path, Origin=other)
        assert status == 403
        assert b"its own pages only" in content
        assert headers["x-frame-options"] == "DENY"
    with pytest.raises(websockets.InvalidStatus) as refused:
        asyncio.run(dashboard.visit(other))
    assert refused.value.response.status_code == 403
    assert not outward(dashboard)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:8501", "plan.example.com.evil.example"]
)
def test_another_host_is_refused(dashboard, host):
    """A name that somebody lets point here."""
    assert dashboard.ask("GET", "/", Host=host)[0] == 403
    with pytest.raises(websockets.InvalidStatus) as refused:
        asyncio.run(dashboard.visit(dashboard.own, host))
    assert refused.value.response.status_code == 403
    assert not outward(dashboard)


def test_what_tells_no_page_may_look_but_not_act(dashboard):
    """A typed address, curl, a link: no origin is told. A browser tells it wherever something is changed."""
    assert dashboard.ask("GET", "/")[0] == 200
    assert dashboard.ask("GET", "/ready", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")[0] == 200
    assert dashboard.ask("GET", "/ready", Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors")[0] == 200
    for site in ("cross-site", "same-site"):  # a picture or script of ours on another page
        assert dashboard.ask("GET", "/ready", Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors")[0] == 403
    assert dashboard.ask("POST", "/_stcore/upload_file/a/b")[0] == 403
    with pytest.raises(websockets.InvalidStatus) as refused:
        asyncio.run(dashboard.visit(None))
    assert refused.value.response.status_code == 403


def test_a_reader_opens_uploads_and_downloads_and_nobody_is_called(dashboard):
    """Everything that pages do, under the own address, the other name of this machine and that of the proxy."""
    form = '--x\r\nContent-Disposition: form-data; name="f"; filename="f.toml"\r\n\r\na = 1\r\n--x--\r\n'
    kind, port = "multipart/form-data; boundary=x", dashboard.port
    here, done = f"localhost:{port}", []
    for own, host in ((dashboard.own, None), (f"http://{here}", here), (PROXY, "plan.example.com"), (PROXY, None)):
        status, headers, _ = dashboard.ask("GET", "/_stcore/health", Origin=own)
        assert status == 200
        token = re.search(r"_streamlit_xsrf=([^;]+)", headers["set-cookie"])[1]
        secret = {"Origin": own, "X_Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}", "Content_Type": kind}

        def then(session, files, secret=secret, own=own):
            done.append(dashboard.ask("PUT", f"/_stcore/upload_file/{session}/f", form, **secret)[0])
            for file in (*files, f"/media/{'0' * 56}.csv", "/cycle", "/static/none"):
                assert dashboard.ask("GET", file, Origin=own)[0] in (200, 404)

        asyncio.run(dashboard.visit(own, host, then))
    assert done == [204] * 4
    assert not outward(dashboard)


def test_what_is_let_in_looks_as_if_it_came_from_here():
    """Streamlit compares origin and host first, and looks further only where they differ."""
    seen = []

    async def app(scope, receive, send):
        seen.append(dict(scope["headers"]))

    headers = [(b"host", b"plan.example.com"), (b"origin", PROXY.encode()), (b"accept", b"*/*")]
    scope = {"type": "websocket", "server": ("127.0.0.1", 8501), "headers": headers}
    asyncio.run(Gate(app, PROXY)(scope, None, None))
    assert seen == [{b"host": b"127.0.0.1:8501", b"origin": b"http://127.0.0.1:8501", b"accept": b"*/*"}]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://plan.example.com", "https://plan.example.com"),
        ("HTTPS://Plan.Example.com:443/", "https://plan.example.com"),
        ("http://10.0.0.7:8080", "http://10.0.0.7:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
    ],
)
def test_an_address_is_taken_as_browsers_tell_it(address, told):
    """Small letters, no usual port, no stroke at the end."""
    assert origin(address) == told


@pytest.mark.parametrize(
    "address", ["", "plan.example.com", "ftp://plan.example.com", "https://plan.example.com/sop", "https://", "https://*",
                "https://a:b@c.example", "https://a.example:x", "https://a.example,https://b.example", "https://[1"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address):
    """One sentence, status 2."""
    with pytest.raises(ScenarioError, match="it must be as a browser shows it"):
        origin(address)
    refused = CliRunner().invoke(main, ["dashboard", "--address", address])
    assert refused.exit_code == 2
    assert refused.output.count("\n") == 1
