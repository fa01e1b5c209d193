"""A running dashboard and a browser that may talk to nobody else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
IDLE = """() => { const app = document.querySelector('[data-testid=stApp]');
  return app && app.getAttribute('data-test-script-state') === 'notRunning'
      && !document.querySelector('[data-stale=true]') && !document.querySelector('[data-testid=stSkeleton]'); }"""


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the dashboard listens; it is started as a user starts it, and ended again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    results = tmp_path_factory.mktemp("results")
    command = [sys.executable, "-m", "simulator.faces.cli", "dashboard", "--port", str(port), "--results", str(results)]
    with (results / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/ready", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url, server):
    """Until the server answers."""
    for _ in range(200):
        assert server.poll() is None, "the dashboard ended before it answered"
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the dashboard did not answer within 20 s")


@pytest.fixture(scope="session")
def chromium():
    """The browser of this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A reader's browser: what it fetched from elsewhere and what it complained about is noted."""

    def __init__(self, chromium, address, **options):
        size = {"width": 1366, "height": 768}
        self.context = chromium.new_context(
            **{"viewport": size, "accept_downloads": True, "locale": "en-GB", **options}
        )
        self.page, self.address, self.strangers, self.complaints = self.context.new_page(), address, [], []
        self.page.on("request", self._requested)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _requested(self, request):
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.strangers.append(request.url)

    def _said(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path="/"):
        """Go to a page and wait until it is done."""
        self.page.goto(self.address + path)
        self.page.locator("h1").first.wait_for(timeout=30_000)
        self.settle()
        return self.page

    def settle(self):
        """Until nothing runs any more."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(IDLE, timeout=60_000)


@pytest.fixture
def visit(chromium, address):
    """Open browsers, each a reader of its own; none fetches from elsewhere, none complains."""
    visits = []

    def begin(**options):
        visits.append(Visit(chromium, address, **options))
        return visits[-1]

    yield begin
    for each in visits:
        each.context.close()
        assert not each.strangers, each.strangers
        assert not each.complaints, each.complaints
