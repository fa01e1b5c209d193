"""Games alone beside the dashboard: a server of their own, which is begun when somebody plays, and what is handed on to it.

Months of a game are simulated there, so that no page of the dashboard waits for them. It listens on this machine only, and ends
with the dashboard.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard.origin import PROJECT

ASKED = ("cookie", "content-type", "x-by", "accept-language")
"""Of what a browser sends, all that is handed on."""

ANSWERED = ("content-type", "content-disposition", "location", "set-cookie", "refresh", "content-security-policy")
"""Of what is answered, all that is handed back; the dashboard puts its own headers on every answer."""

MOST_SENT = 65_536
"""Bytes that a page may send."""

STARTS_WITHIN, ANSWERS_WITHIN = 60.0, 60.0
"""Seconds."""


class Beside:
    """The server of the games, begun when it is first asked for, and anew where it is not there any more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: subprocess.Popen[bytes] | None = None
        self._port = 0

    def port(self) -> int:
        """The port at which it listens; it is begun if need be."""
        import json

        with self._lock:
            if self._server is None or self._server.poll() is not None:
                self._port = _free_port()
                home = {
                    **os.environ,
                    "SOP_RESULTS": os.environ.get("SOP_RESULTS", "results"),
                    "PYTHONPATH": str(PROJECT),
                }
                told = json.dumps({"alone": True, "port": self._port})
                command = [sys.executable, "-P", "-s", "-m", "dashboard.classroom.server", told]
                self._server = subprocess.Popen(command, env=home, cwd=PROJECT, stdin=subprocess.PIPE)
                self._wait(self._server)
            return self._port

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end and server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1.0).close()
                return
            except OSError:
                time.sleep(0.05)

    def end(self) -> None:
        """End it."""
        with self._lock:
            if self._server is not None and self._server.poll() is None:
                self._server.terminate()
            self._server = None


GAMES = Beside()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _asked(
    port: int, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN)
    try:
        connection.request(method, path, body or None, dict(headers))
        yield connection.getresponse()
    finally:
        connection.close()


async def hand_on(request: Request) -> Response:
    """Hand a request on to the server of the games, and its answer back; the gate has looked at where it comes from."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_SENT:
            return PlainTextResponse("", status_code=413)
    return await run_in_threadpool(_handed_on, request, body)


def _handed_on(request: Request, body: bytes) -> Response:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    try:
        port = GAMES.port()
        here = f"127.0.0.1:{port}"
        headers = {name: value for name in ASKED if (value := request.headers.get(name)) is not None}
        headers["host"] = here
        if request.method == "POST":
            headers["origin"] = f"http://{here}"
        with _asked(port, request.method, path, body, headers) as found:
            answer = Response(found.read(), found.status)
            given = found.getheaders()
    except (OSError, http.client.HTTPException):
        return PlainTextResponse("", status_code=503)
    kept = [(name.lower(), value) for name, value in given if name.lower() in ANSWERED]
    cache = next((value for name, value in given if name.lower() == "cache-control"), "no-store")
    answer.raw_headers += [
        (name.encode(), value.encode("latin-1")) for name, value in [*kept, ("cache-control", cache)]
    ]
    return answer


def game_routes() -> list[Route]:
    """Addresses of games alone, and of the two files that their pages load."""
    both = ["GET", "POST"]
    return [
        Route("/alone", hand_on, methods=both),
        Route("/alone/{rest:path}", hand_on, methods=both),
        Route("/c/{rest:path}", hand_on, methods=both),
        Route("/look/class.css", hand_on),
        Route("/look/class.js", hand_on),
    ]
