"""The door of the training room: who may ask, how much at once, how often one may guess, and by what a phone is known again."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from dashboard.gate import Gate
from simulator.classroom.log import RefusedError
from simulator.kernel.messages import msg

MOST_BODY, MOST_FIELDS = 65_536, 300
"""Bytes and fields of what a page sends."""

KEY = 16
"""Signs of the key to the set-up page, of 16 each."""

MOST_ASKING = 10_000
"""Addresses of which wrong guesses are remembered."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = [
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", POLICY.encode()),
]


class Door(Gate):
    """Let in pages of this server only, asked for by number: a name of somebody else's that leads here is refused."""

    def own(self, scope: dict[str, Any], host: str) -> dict[str, str]:
        """This machine under any of its numbers, and under its own name in the network."""
        here = super().own(scope, host)
        name, _, port = host.rpartition(":")
        server = scope.get("server") or ("", None)
        mine = {socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
        if port == str(server[1]) and (name in mine or _is_number(name)):
            here = {**here, host: f"http://{host}"}
        return here


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Headed:
    """Put the headers on every answer; nothing of it is kept by a browser."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer with the headers."""
        kept = b"max-age=3600" if scope.get("path", "").startswith("/look/") else b"no-store"

        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS, (b"cache-control", kept)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Guesses:
    """Wrong guesses of an address: after so many in a while it has to wait."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds, self.now = most, seconds, now
        self._wrong: dict[str, list[float]] = {}

    def may_guess(self, who: str) -> None:
        """Refuse whoever was wrong too often."""
        recent = [at for at in self._wrong.get(who, []) if self.now() - at < self.seconds]
        if len(recent) >= self.most:
            wait = int(self.seconds - (self.now() - recent[0])) + 1
            raise RefusedError(msg("this was wrong {n} times; wait {seconds} seconds", n=self.most, seconds=wait))

    def was_wrong(self, who: str) -> None:
        """Remember a wrong guess."""
        if len(self._wrong) >= MOST_ASKING:
            self._wrong.pop(next(iter(self._wrong)))
        self._wrong[who] = [*self._wrong.get(who, []), self.now()][-self.most :]


def asker(request: Request) -> str:
    """The address that asks."""
    return request.client.host if request.client else ""


async def told(request: Request) -> dict[str, str]:
    """Read the fields that a page sends, bounded in length and in number."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise RefusedError(msg("a page may send {most} bytes at most", most=MOST_BODY))
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RefusedError(msg("what the page sent cannot be read; reload it")) from None
    found: dict[str, str] = {}
    for name, value in pairs:  # boxes that are ticked come one by one under one name
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


class Seal:
    """The trainer's mark: it follows from the class and its PIN, and from a secret that stays on this machine."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(secrets.token_bytes(32))
            try:
                os.link(draft, file)  # whoever comes second finds the first one's
            except FileExistsError:
                pass
            except OSError:
                os.replace(draft, file)
            draft.unlink(missing_ok=True)
        self._secret = file.read_bytes()

    def of(self, code: str, pin: str) -> str:
        """The mark of a class's trainer."""
        return hmac.new(self._secret, f"trainer:{code}:{pin}".encode(), hashlib.sha256).hexdigest()

    @property
    def key(self) -> str:
        """The key of the page on which classes are set up; who starts the server is told it."""
        return hmac.new(self._secret, b"set up", hashlib.sha256).hexdigest()[:KEY]

    def opens(self, key: str) -> bool:
        """Tell if a key is that of the set-up page."""
        return hmac.compare_digest(key.encode(), self.key.encode())

    def fits(self, mark: str, code: str, pin: str) -> bool:
        """Tell if a mark is that of a class's trainer."""
        return hmac.compare_digest(mark.encode(), self.of(code, pin).encode())
