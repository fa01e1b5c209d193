"""The gate before the server: only pages that this server gave out may ask it for anything; it asks nobody itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

NAMED = "SOP_ADDRESSES"
"""Where the command leaves the addresses under which a proxy serves the pages, with commas between them."""

HERE = ("127.0.0.1", "localhost")
ASKING = ("GET", "HEAD", "OPTIONS")
"""What changes nothing; all else must tell the page that it comes from, as every browser does."""

REFUSED = "This dashboard answers its own pages only. Open it under the address that it told when it was started."

Headers = list[tuple[bytes, bytes]]


class Gate:
    """Refuse whatever comes from another page, before Streamlit sees it.

    Left to itself, Streamlit holds a foreign origin against its own address in the internet, which it asks for there.
    """

    def __init__(self, app: Any, addresses: str | None = None) -> None:
        self.app = app
        told = os.environ.get(NAMED, "") if addresses is None else addresses
        self.named = {urlsplit(address).netloc: address for address in told.split(",") if address}

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Let in what belongs here, as if it came from this machine."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not self._belongs(scope):
            await _refuse(scope, receive, send)
        else:
            await self.app({**scope, "headers": _as_of_here(scope)}, receive, send)

    def own(self, scope: dict[str, Any], host: str) -> dict[str, str]:
        """The addresses under which this server is asked for, and how a browser tells that a page is from there."""
        return {f"{name}:{_port(scope)}": f"http://{name}:{_port(scope)}" for name in HERE} | self.named

    def _belongs(self, scope: dict[str, Any]) -> bool:
        """Tell if a request is for this server, and comes from a page of its own or from no page."""
        hosts, origins, sites = (_all(scope, name) for name in (b"host", b"origin", b"sec-fetch-site"))
        own = self.own(scope, hosts[0] if hosts else "")
        if len(hosts) != 1 or hosts[0] not in own or len(origins) > 1:
            return False
        if origins:
            return origins[0] in own.values()
        if scope["type"] == "websocket" or scope["method"] not in ASKING:
            return False
        followed = _all(scope, b"sec-fetch-mode") == ["navigate"]  # a link, in a mail or on another page
        return followed or not {*sites} & {"cross-site", "same-site"}


def _port(scope: dict[str, Any]) -> int | None:
    """The address at which the server listens."""
    server: tuple[str, int | None] = scope.get("server") or ("", None)
    return server[1]


def _all(scope: dict[str, Any], wanted: bytes) -> list[str]:
    """Every value of a header."""
    return [value.decode("latin-1").lower() for name, value in scope["headers"] if name.lower() == wanted]


def _as_of_here(scope: dict[str, Any]) -> Headers:
    """The headers with this machine as host and origin: what is let in gives no reason to look further."""
    host = f"{HERE[0]}:{_port(scope)}".encode()
    here = {b"host": host, b"origin": b"http://" + host}
    return [(name, here.get(name.lower(), value)) for name, value in scope["headers"]]


async def _refuse(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it is accepted: 403
        return
    words = REFUSED.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": words})
