"""Waits of a reader of the dashboard, in a browser: for the first chart, and for the answer to one policy changed."""

import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.targets import Today
from tests.browser.served import CHROMIUM, IDLE, browser, dashboard, free_port, wait_for

CHART = "() => document.querySelector('[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas')"
ROUNDS = 5
READY, LOOKS = 14.0, 5.0
"""Seconds after which a server is warm, since it makes a worker ready after the first page; and that a reader looks at an answer."""

CHANGES = ("1.65", "2.05", "2.35", "1.5")
"""Safety factors, one after the other, on what is otherwise the same."""


def missing() -> str | None:
    """Say what a browser needs and is not there."""
    absent = [name for name in ("playwright", "streamlit") if find_spec(name) is None]
    return f"needs {absent[0]}" if absent else None if CHROMIUM else "needs Chromium"


def first_charts(address: str, chromium: Any) -> list[float]:
    """Seconds from opening the address to the first chart, each time by a new reader without a cache."""
    found = []
    for _ in range(ROUNDS + 1):
        context = chromium.new_context()
        page = context.new_page()
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_function(CHART, polling=20)
        found.append(time.perf_counter() - began)
        page.wait_for_function(IDLE)
        context.close()
    return found[1:]  # the first one warms the server


def one_changed(address: str, chromium: Any) -> tuple[list[float], list[float]]:
    """Seconds from the wish to the first answer and to the final one, one policy changed after the other and others kept."""
    page = chromium.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.goto(f"{address}/?company=giftware&how=run&n=100&policies=siloed,chase,level,sop")
    page.wait_for_function(IDLE)
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function(CHART, timeout=120_000)
    first, final = [], []
    for z in CHANGES:
        time.sleep(LOOKS)
        page.wait_for_function(IDLE)
        page.get_by_role("button", name="What if").first.click()
        knob = page.locator("input[aria-label='Safety factor z']")
        knob.fill(z)
        knob.press("Enter")
        add = page.get_by_role("button", name="Add this alternative")
        page.wait_for_function(IDLE)
        began = time.perf_counter()
        add.click()
        page.wait_for_function(SHOWN, arg=f"z {z}", polling=20, timeout=60_000)
        first.append(time.perf_counter() - began)
        page.wait_for_function(FINAL, arg=f"z {z}", polling=20, timeout=60_000)
        final.append(time.perf_counter() - began)
        page.keyboard.press("Escape")
    return first, final


SHOWN = """z => [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].some(e => e.textContent.includes(z))"""
FINAL = f"""z => ({SHOWN})(z) && !document.querySelector('.st-key-so-far, [data-testid=stProgress]')"""


def _on_a_warm_server(measure: Any) -> Any:
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        dashboard(Path(folder)) as address,
        browser() as chromium,
    ):
        time.sleep(READY)
        return measure(address, chromium)


def one_policy_changed() -> Today:
    """Change one policy after the other on Compare: median wait for the first answer and for the final one."""
    first, final = map(median, _on_a_warm_server(one_changed))
    return Today(f"{first:.2f} s / {final:.2f} s", max(first / 0.5, final / 1.2))


def first_chart() -> Today:
    """Open the first page: median wait of new readers for its chart, and for that of a page that has nothing else."""
    seconds, bare = median(_on_a_warm_server(first_charts)), median(charts_of_a_bare_page())
    return Today(f"{seconds:.2f} s; a page of Streamlit with one chart and nothing else {bare:.2f} s", seconds / 1.2)


BARE_PAGE = """import streamlit as st

rows = [{"month": month, "units": units} for month, units in enumerate((3, 1, 2))]
x, y = ({"field": field, "type": "quantitative"} for field in ("month", "units"))
st.vega_lite_chart({"data": {"values": rows}, "mark": "line", "encoding": {"x": x, "y": y}})
"""


def charts_of_a_bare_page() -> list[float]:
    """Seconds from opening a page of one line to its chart: what server, browser and libraries take by themselves."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, browser() as chromium:
        page, port = Path(folder) / "page.py", free_port()
        page.write_text(BARE_PAGE, encoding="utf-8")
        words = ["--server.port", f"{port}", "--server.address", "127.0.0.1", "--server.headless", "true"]
        command = [sys.executable, "-m", "streamlit", "run", str(page), *words, "--browser.gatherUsageStats", "false"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
                return first_charts(f"http://127.0.0.1:{port}", chromium)
            finally:
                server.terminate()
