"""The server: Streamlit with security headers, everything loaded once and taken out of the collector's sight."""

from __future__ import annotations

import gc
import os
import re
import threading
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from dashboard.beside import GAMES, game_routes
from dashboard.gate import Gate
from dashboard.readers import cookie

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self' blob: data:; frame-ancestors 'none'"
)
HEADERS = [
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", POLICY.encode()),
]
SOON = ("ArrowVegaLiteChart", "embed", "vega-interpreter", "Metric", "Selectbox", "Multiselect", "Slider")
"""Code that a page asks for once it knows that it has charts, tiles and inputs; all have, so it is named at once."""


def soon_asked_for() -> bytes:
    """Name the files of that code, for a browser to fetch and read them while the first page is made."""
    folder = Path(st.__file__).with_name("static") / "static" / "js"
    files = [path.name for name in SOON for path in folder.glob(f"{name}.*.js")]
    return ", ".join(f"</static/js/{name}>; rel=modulepreload; crossorigin" for name in files).encode()


PAGE_NAMES = frozenset(path.stem for path in Path(__file__).with_name("pages").glob("*.py"))
FIRST = "compare"
"""The page that stands at the root and has no address of its own."""

BELOW = re.compile(r"/(\w+)/.*")
"""An address below a page, which is no page."""

ASTRAY = re.compile(r"/\w+/_stcore/(health|host-config)")

READY_AFTER = 8.0
"""Seconds after which a process for simulations is made ready; the first page comes first."""


LINKS = soon_asked_for()


class SecurityHeaders:
    """Nothing is fetched from elsewhere, nobody frames the pages; a browser is marked, so that its tabs are one reader."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Put the headers on every answer."""
        is_page = scope["type"] == "http" and scope["path"].strip("/") in {"", *PAGE_NAMES}
        mark = cookie(scope["headers"]) if is_page else None
        more = [
            *HEADERS,
            *([(b"set-cookie", mark)] if mark else []),
            *([(b"link", LINKS)] if is_page and LINKS else []),
        ]

        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *more]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class OneRoot:
    """A page under /cycle looks for the server under /cycle first; told politely that it is not there, it asks at the root.

    Not found would say the same, and leave two errors in the browser's console.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Answer the questions that go astray, lead back to a page what lies below it, hand on all others."""
        below = BELOW.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if below and ASTRAY.fullmatch(scope["path"]):
            await Response(status_code=304)(scope, receive, send)
        elif (below and below[1] in PAGE_NAMES) or (scope["type"] == "http" and scope["path"] == f"/{FIRST}"):
            page = below[1] if below and below[1] != FIRST else ""
            said = scope.get("query_string", b"").decode("latin-1")
            await RedirectResponse(f"/{page}{'?' if said else ''}{said}", status_code=303)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """Load what pages need before the first one is asked for, and end what still stands by afterwards."""
    load_everything()
    PagesManager.uses_pages_directory = False  # app.py says which pages there are, from the first click on
    from dashboard.jobs import caretaker
    from dashboard.standing_by import stand_by

    threading.Thread(target=caretaker, daemon=True).start()
    if os.environ.get("SOP_STAND_BY", "1") != "0":
        timer = threading.Timer(READY_AFTER, stand_by)
        timer.daemon = True
        timer.start()
    yield {}
    GAMES.end()


def load_everything() -> None:
    """The heavy modules, the catalogues and the reference company."""
    import altair  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import scipy.special  # noqa: F401

    from dashboard import look, show, verdicts  # noqa: F401
    from dashboard.asks import engine
    from dashboard.case import Case, scenario_of
    from simulator.kernel.messages import LANGUAGES, catalogue

    engine()
    _ = scenario_of(Case()).network
    for language in LANGUAGES:
        catalogue(language)
    gc.collect()
    gc.freeze()


async def ready(request: Request) -> JSONResponse:
    """Answer that the server is ready."""
    return JSONResponse({"ok": True})


def on_error(error: Exception) -> bool:
    """Show a reader one sentence on a fault of ours; the log has the rest."""
    from dashboard.controls import say, wrong
    from dashboard.words import as_it_stands
    from simulator.kernel.units import ScenarioError

    if isinstance(error, ScenarioError):
        st.error(as_it_stands(wrong(error)), icon=":material/error:")
        return True
    traceback.print_exception(error)
    st.error(
        say(
            "This page failed ({kind}), which is a fault of the program. Nothing was lost; go back or reload.",
            kind=type(error).__name__,
        )
    )
    return True


app = st.App(
    Path(__file__).with_name("app.py"),
    on_script_error=on_error,
    lifespan=lifespan,
    routes=[Route("/ready", ready), *game_routes()],
    middleware=[Middleware(SecurityHeaders), Middleware(Gate), Middleware(OneRoot)],
)
