"""Speed of the dashboard: the first page, a slider, and a class of sixty who click every five seconds.

    python3 start.py sop dashboard &
    .venv/bin/python -m benchmarks.dashboard http://127.0.0.1:8501

The class speaks the pages' own protocol over WebSockets, without browsers, so that the server alone is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

WARM_UP = 10.0


@dataclass
class Class:
    """The waiting times and errors of sixty readers."""

    first: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def answered(socket, widgets, seen):
    """Read until the server has drawn what was asked for."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(socket.recv(), 120))
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            if name == "exception":
                seen.errors.append(element.exception.message[:120])
            if name == "slider":
                widgets["slider"] = element.slider.id
                widgets["fragment"] = message.metadata.delta_path and message.delta.fragment_id
        if kind == "script_finished":
            return


def asked(widgets, luck):
    """The first page, or another target on its slider."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    if "slider" in widgets:
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widgets["slider"]
        state.double_array_value.data.append(round(luck.uniform(85, 99), 1))
        if widgets.get("fragment"):
            message.rerun_script.fragment_id = widgets["fragment"]
    return message.SerializeToString()


async def reader(address, number, think, until, seen):
    """Open the page, then think and click until the lesson is over."""
    luck, widgets = random.Random(number), {}
    await asyncio.sleep(luck.uniform(0, think))
    url = address.replace("http", "ws") + "/_stcore/stream"
    try:
        async with websockets.connect(url, subprotocols=["streamlit"], max_size=None, origin=address) as socket:
            began = time.perf_counter()
            await socket.send(asked({}, luck))
            await answered(socket, widgets, seen)
            seen.first.append(time.perf_counter() - began)
            while time.perf_counter() < until:
                await asyncio.sleep(luck.expovariate(1 / think))
                began = time.perf_counter()
                await socket.send(asked(widgets, luck))
                await answered(socket, widgets, seen)
                seen.clicks.append(time.perf_counter() - began)
    except Exception as problem:  # counted, and shown at the end
        seen.errors.append(repr(problem)[:120])


def quantile(sample, share):
    """A quantile of times, in milliseconds."""
    ordered = sorted(sample) or [float("nan")]
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def memory(pid):
    """Resident memory of the server, in MB; not known on other systems."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * 4096 / 1e6


async def lesson(address, readers, think, seconds):
    """Sixty readers for some seconds."""
    seen = Class()
    until = time.perf_counter() + seconds
    await asyncio.gather(*(reader(address, k, think, until, seen) for k in range(readers)))
    return seen


def main():
    """One lesson, in a line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("address")
    options.add_argument("--readers", type=int, default=60)
    options.add_argument("--think", type=float, default=5.0)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--pid", default="0", help="of the server, to measure its memory")
    chosen = options.parse_args()
    asyncio.run(lesson(chosen.address, 5, 1.0, WARM_UP))
    before = memory(chosen.pid)
    seen = asyncio.run(lesson(chosen.address, chosen.readers, chosen.think, chosen.seconds))
    print(
        f"{chosen.readers} readers, {chosen.think:g} s to think, {len(seen.clicks)} clicks: "
        f"first page p50 {quantile(seen.first, 0.5):.0f} ms, p95 {quantile(seen.first, 0.95):.0f} ms; "
        f"click p50 {quantile(seen.clicks, 0.5):.0f} ms, p95 {quantile(seen.clicks, 0.95):.0f} ms, "
        f"max {quantile(seen.clicks, 1):.0f} ms; errors {len(seen.errors)} {seen.errors[:2]}; "
        f"memory +{memory(chosen.pid) - before:.0f} MB"
    )


if __name__ == "__main__":
    main()
