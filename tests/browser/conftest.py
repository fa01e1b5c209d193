"""A running dashboard and a browser that may talk to nobody else."""

import pytest

from tests.browser.served import CHROMIUM, IDLE, browser, dashboard


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the dashboard listens."""
    with dashboard(tmp_path_factory.mktemp("results")) as found:
        yield found


@pytest.fixture(scope="session")
def chromium():
    """The browser of this machine."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with browser() as found:
        yield found


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
