"""A page as the browser would run it, without a browser."""

from __future__ import annotations

import functools
import os
import tempfile

os.environ["SOP_RESULTS"] = tempfile.mkdtemp(prefix="sop-dashboard-")  # of this process alone, also beside others

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard.asks import EXAMPLES

APP = str(EXAMPLES.parent / "app.py")
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)
"""What is installed is looked through once, not for every page that is opened."""

PAGES = ("data", "compare", "today", "lab", "cycle", "bridge", "replay", "sweep", "scenario", "play", "methods")


def open_page(page="compare", **link):
    """A page at the link that is given, of giftware unless it names another company."""
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in {"company": "giftware", **link}.items():
        at.query_params[key] = value
    return at.run() if page == "compare" else go_to(at, page)


def go_to(at, page):
    """The same reader on another page; what the link says is kept by the reader's choices."""
    at.switch_page(f"pages/{page}.py")
    return at.run()


def texts(at):
    """All words on a page, for looking something up in them."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    said = [each.value for kind in kinds for each in getattr(at, kind)]
    labels = [
        each.label for kind in ("metric", "button", "selectbox", "slider", "number_input") for each in getattr(at, kind)
    ]
    return "\n".join(map(str, [*said, *labels]))
