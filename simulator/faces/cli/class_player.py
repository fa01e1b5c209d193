"""A program plays a team of a running class: it is told over the class's address what a player sees, and answers once a round."""

from __future__ import annotations

import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from simulator.classroom.roles import ROLES
from simulator.kernel.messages import Text, msg, spoken
from simulator.kernel.units import ScenarioError

USUAL_PLACE = "http://127.0.0.1:8501"
"""Where a class is that is named by its code alone: on this machine, at the usual port."""

LOOK_EVERY, ASK_FOR, OPENS_WITHIN = 1.0, 600.0, 15.0
"""Seconds between two looks at the class, for which one that does not answer is asked again, and in which one is opened."""

MOST_BYTES, ANSWER_WITHIN = 8_000_000, 60.0
"""Bytes that an answer may have, and seconds within which it must come."""

Said = Mapping[str, Any]


class Seat:
    """A player's seat in a class, as a phone has it."""

    def __init__(self, named: str, team: str) -> None:
        told = urlsplit(named if "://" in named else f"{USUAL_PLACE}/c/{named}")
        code = told.path.strip("/").removeprefix("c/")
        if told.scheme not in ("http", "https") or not told.netloc or not code.isalnum():
            raise ScenarioError(
                msg(
                    "--class is {value}; it must be a class's code, or its address with the code, such as {example}",
                    value=repr(named[:80]),
                    example="http://192.168.1.7:8501/c/K7WX2M9Q",
                )
            )
        self.origin, self.home, self.team = f"{told.scheme}://{told.netloc}", f"/c/{code.upper()}", team
        own = (urllib.request.HTTPCookieProcessor(CookieJar()), urllib.request.ProxyHandler({}))
        self._browser = urllib.request.build_opener(*own)

    def join(self) -> None:
        """Take the seat: all roles of the team, which is a new one unless there is one of this name."""
        sent = {"new": self.team, "name": self.team, "roles": ",".join(ROLES), "key": secrets.token_urlsafe(9)}
        self._ask("join", sent)

    def look(self) -> dict[str, Any]:
        """The clock, and what the player sees where the round is open to it."""
        return self._ask("seen")

    def answer(self, round: int, answer: Said) -> None:
        """Submit and commit what is decided for a round."""
        self._ask("play", {"round": f"{round}", "answer": json.dumps(answer)})

    def _ask(self, what: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Ask until an answer comes; a refusal is its one sentence."""
        address = f"{self.origin}{self.home}/{what}?lang={quote(spoken().language)}"
        body = None if fields is None else urlencode(fields).encode()
        end = time.monotonic() + (OPENS_WITHIN if what == "join" else ASK_FOR)
        while True:
            asked = urllib.request.Request(address, body, {"Origin": self.origin, "x-by": "script"})
            try:
                with self._browser.open(asked, timeout=ANSWER_WITHIN) as found:
                    return _read(found.read(MOST_BYTES), address)
            except urllib.error.HTTPError as refused:
                if refused.code != 503:
                    raise ScenarioError(_refusal(refused.read(MOST_BYTES), address)) from None
            except (OSError, HTTPException):
                pass
            if time.monotonic() > end:
                raise ScenarioError(msg("no class answers at {address}; start it, or name another", address=address))
            time.sleep(LOOK_EVERY)


def _read(content: bytes, address: str) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ScenarioError(msg("no class answers at {address}; start it, or name another", address=address))
    if told.get("gone"):
        raise ScenarioError(msg("nobody in this game has this phone; join again with the code"))
    return told


def _refusal(content: bytes, address: str) -> Text:
    """The sentence with which a class refuses."""
    try:
        return str(json.loads(content)["error"])
    except (ValueError, LookupError, TypeError):
        return msg("no class answers at {address}; start it, or name another", address=address)


def play_in_class(named: str, team: str, decide: Callable[[Said], Said]) -> list[dict[str, Any]]:
    """Play a team of a class until its debrief, which brings the team's score beside those of the policies."""
    seat = Seat(named, team)
    seat.join()
    while True:
        told = seat.look()
        if told.get("scores") is not None:
            found: list[dict[str, Any]] = told["scores"]
            return found
        if told.get("seen") is None:
            time.sleep(LOOK_EVERY)
            continue
        decided = decide(told["seen"])
        try:
            seat.answer(told["round"], decided)
        except ScenarioError:
            now = seat.look()
            if now.get("seen") is not None and now["round"] == told["round"]:
                raise  # otherwise it came too late, or was heard when its answer was lost
