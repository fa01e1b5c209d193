"""A server of the training room in this process, and phones that speak its protocol and keep their cookies."""

import http.client
import json
import re
import threading
import time
from contextlib import contextmanager
from html import unescape
from urllib.parse import urlencode

import uvicorn

from dashboard.classroom.server import application

KEY = re.compile(r'name="key" value="([^"]+)"')


@contextmanager
def serving(folder, alone=False, app=None, port=0):
    """A server on a port of its own, or on a given one, until the end of the block; of a class, or of games alone."""
    app = app or application(folder, addresses="", alone=alone)
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield app, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def until(holds, seconds=30):
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)


class Phone:
    """A browser without a screen: it keeps cookies and tells where it comes from, as browsers do."""

    def __init__(self, port, origin=None, host=None):
        self.port, self.cookies = port, {}
        self.host = host or f"127.0.0.1:{port}"
        self.origin = f"http://{self.host}" if origin is None else origin

    def ask(self, method, path, fields=None, script=True, raw=False, **headers):
        """Ask once; the status and the text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        own = {"Host": self.host, **{name.replace("_", "-"): value for name, value in headers.items()}}
        own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if method == "POST":
            own |= {"Content-Type": "application/x-www-form-urlencoded"}
            own |= {"Origin": self.origin} if self.origin else {}
            own |= {"x-by": "script"} if script else {}
            body = fields if isinstance(fields, bytes) else urlencode(fields or {}, doseq=True)
        try:
            connection.request(method, path, body, own)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    mark, _, kept = value.split(";")[0].partition("=")
                    self.cookies[mark] = kept
            content = answer.read()
            return answer.status, content if raw else content.decode()
        finally:
            connection.close()

    def get(self, path):
        """A page that must be there."""
        status, text = self.ask("GET", path)
        assert status == 200, (status, text[:300])
        return text

    def raw(self, path):
        """A file that must be there."""
        status, content = self.ask("GET", path, raw=True)
        assert status == 200
        return content

    def post(self, path, **fields):
        """Send a form as the page's script does; the answer as it stands."""
        status, text = self.ask("POST", path, fields)
        return status, json.loads(text)

    def join(self, code, team, name, roles=()):
        """Join a team of a class."""
        status, told = self.post(f"/c/{code}/join", team=team, name=name, roles=list(roles), key=f"{team}-{name}")
        assert status == 200, told
        return self

    def page(self, code):
        """The inside of this phone's page."""
        return json.loads(self.get(f"/c/{code}/page"))["html"]

    def wait_for(self, code, text, seconds=30):
        """Look again until the page shows a text."""
        found = []

        def there():
            found[:] = [unescape(self.page(code))]
            return text in found[0]

        until(there, seconds)
        return found[0]
