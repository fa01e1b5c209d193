"""Readers: who asks, by a mark that the server gave the browser, and whether anybody of them is still here."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections import defaultdict

MARK = "sop-reader"
"""The cookie that says that two tabs, or a page before and after a reload, are one reader; it says nothing else."""

MARKED = re.compile(r"[0-9a-f]{32}")

GRACE = 60.0
"""Seconds that a reader may be away, to reload or because the line broke, before runs stop waiting for them."""

MOST_BROUGHT, WITHIN = 30, 3_600.0
"""Files that one reader may load within so many seconds."""

_sessions: dict[str, set[str]] = defaultdict(set)
_seen: dict[str, float] = {}
_brought: dict[str, list[float]] = defaultdict(list)


def me() -> str:
    """The reader for whom the page is drawn; one without a name where no page is drawn."""
    import streamlit as st  # not needed by simulations, which import this module too
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return "nobody"
    mark = str(st.context.cookies.get(MARK, ""))
    told = mark if MARKED.fullmatch(mark) else context.session_id
    reader = hashlib.sha256(told.encode()).hexdigest()[:12]
    _sessions[reader].add(context.session_id)
    _seen[reader] = time.monotonic()
    return reader


def gone(reader: str) -> bool:
    """Tell if no page of a reader has been open for a while; one of an earlier server has that while to come back."""
    now = time.monotonic()
    if _open(reader):
        _seen[reader] = now
    return now - _seen.setdefault(reader, now) > GRACE


def _open(reader: str) -> bool:
    """Tell if a page of a reader is open in this server."""
    from streamlit.runtime import exists, get_instance

    if not exists():
        return False
    server = get_instance()
    return any(server.is_active_session(session) for session in list(_sessions.get(reader, ())))


def forget() -> None:
    """Forget readers who have been away for long."""
    for reader, seen in list(_seen.items()):
        if time.monotonic() - seen > WITHIN and not _open(reader):
            for known in (_sessions, _seen, _brought):
                known.pop(reader, None)  # type: ignore[attr-defined]


def may_bring(reader: str) -> bool:
    """Tell if a reader may load one more file, and count it."""
    now = time.monotonic()
    lately = [moment for moment in _brought[reader] if now - moment < WITHIN]
    _brought[reader] = lately
    if len(lately) >= MOST_BROUGHT:
        return False
    lately.append(now)
    return True


def cookie(headers: list[tuple[bytes, bytes]]) -> bytes | None:
    """The header that marks a browser which has no mark yet; it is sent nowhere but here."""
    said = b";".join(value for name, value in headers if name.lower() == b"cookie").decode("latin-1")
    marks = [part.strip().partition("=") for part in said.split(";")]
    if any(name == MARK and MARKED.fullmatch(value) for name, _, value in marks):
        return None
    return f"{MARK}={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000".encode()
