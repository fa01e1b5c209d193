"""A short lesson in browsers: the trainer's screen, phones at 390 px, a silent month and one with a meeting."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.served import ROOT, free_port, wait_for

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SHORT = (ROOT / "scenarios" / "lessons" / "siloed-against-sop.toml").read_text(encoding="utf-8")
PICTURES = os.environ.get("SOP_PICTURES")
"""A folder for pictures of the pages, for whoever wants to look at them."""


@pytest.fixture
def begun(tmp_path):
    """A class of the short lesson, started as a trainer starts it: its address, code and PIN."""
    lesson = tmp_path / "short.toml"
    lesson.write_text(re.sub(r"rounds = 6", "rounds = 2", SHORT).replace("round = 3", "round = 2"), encoding="utf-8")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "simulator.faces.cli",
        "dashboard",
        "--class",
        "--lesson",
        str(lesson),
        "--teams",
        "2",
    ]
    home = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with (tmp_path / "log.txt").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port), "--results", str(tmp_path / "r")],
            cwd=ROOT,
            env=home,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/ready", server)
        told = (tmp_path / "log.txt").read_text(encoding="utf-8")
        yield f"http://127.0.0.1:{port}", re.search(r"code (\w{8})", told)[1], re.search(r"PIN (\d{6})", told)[1]
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def browse(chromium, begun):
    """Open browsers, each of one person; none fetches from elsewhere, none complains."""
    visits = []

    def open_one(**options):
        visits.append(Visit(chromium, begun[0], **options))
        visits[-1].page.on("response", lambda r, one=visits[-1]: r.ok or one.complaints.append(f"{r.status} {r.url}"))
        return visits[-1].page

    yield open_one
    for each in visits:
        each.context.close()
        assert not each.strangers, each.strangers
        assert not each.complaints, each.complaints


def picture(page, name):
    """Keep a picture, for whoever asked for them; and hold a phone's page to its width."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} is wider than its screen"
    )


def join(page, begun, team, name, roles):
    """Join by the code."""
    address, code, _ = begun
    page.goto(address)
    page.get_by_label("code").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    page.get_by_text(team).check()
    page.get_by_label("Your name").fill(name)
    for role in roles:
        page.get_by_role("checkbox", name=role).check()
    picture(page, f"join-{name}")
    page.get_by_role("button", name="Join").click()
    page.get_by_text("You are in").wait_for()


def test_a_short_lesson(browse, begun):
    address, code, pin = begun
    trainer = browse()
    trainer.goto(f"{address}/c/{code}/trainer")
    trainer.get_by_label("PIN").fill(pin)
    trainer.get_by_role("button", name="Go on").click()
    trainer.locator(".code", has_text=code).wait_for()
    ann, bob = browse(**PHONE), browse(**PHONE)
    join(ann, begun, "Team 1", "Ann", ["Sales", "Demand planner", "Finance"])
    join(bob, begun, "Team 1", "Bob", ["Operations", "Purchasing"])
    trainer.locator(".teams").get_by_text("Ann", exact=True).wait_for()
    trainer.get_by_text("Teams, events, a month again").click()
    trainer.get_by_label("A new team").fill("The machines")
    trainer.get_by_label("played by").select_option("random")
    trainer.get_by_role("button", name="Add").click()
    trainer.get_by_role("row", name="The machines").get_by_text("robot: chance").wait_for()
    trainer.get_by_text("Teams, events, a month again").click()
    picture(trainer, "trainer-lobby")

    def next_phase(title):
        trainer.keyboard.press("n")
        trainer.get_by_role("heading", name=title, level=1).wait_for(timeout=30_000)

    next_phase("Report and news")
    bob.get_by_text("Last month").first.wait_for(timeout=60_000)
    ann.get_by_text("nobody talks").first.wait_for(timeout=30_000)
    picture(bob, "report")
    next_phase("Your own plan")
    ann.get_by_role("heading", name="Your own plan", level=1).wait_for()
    ann.get_by_role("button", name="Submit").first.wait_for(timeout=60_000)
    picture(ann, "plan")
    overtime = bob.locator("input[name='v:overtime:line']")
    overtime.fill("900")
    bob.locator("form", has=overtime).get_by_role("button", name="Submit").click()
    assert not overtime.evaluate("one => one.checkValidity()")  # beyond the limit: the browser says so
    overtime.fill("100")
    bob.locator("form", has=overtime).get_by_role("button", name="Submit").click()
    bob.get_by_text("Submitted. You may change it").first.wait_for()
    bob.reload()
    assert bob.locator("input[name='v:overtime:line']").input_value() == "100"
    trainer.get_by_role("cell", name="Operations", exact=True).wait_for()
    trainer.get_by_role("row", name="The machines").get_by_role("cell", name="yes").wait_for(timeout=60_000)
    picture(trainer, "trainer-plan")
    next_phase("The month runs by")
    ann.locator(".days polyline").first.wait_for(timeout=60_000)
    ann.wait_for_timeout(5_000)
    picture(ann, "days")
    next_phase("What came true")
    ann.get_by_text("Your own way so far").wait_for(timeout=60_000)
    picture(ann, "review")
    next_phase("Report and news")
    next_phase("Your own plan")
    ann.get_by_text("Demand planner").first.wait_for()
    expects = ann.locator("input[name^='v:~expects:fans']").first
    expects.fill("9000")
    ann.locator("form", has=expects).get_by_role("button", name="Submit").click()
    ann.get_by_text("Submitted. You may change it").first.wait_for()
    next_phase("Where the plans clash")
    ann.get_by_role("heading", name="Where the plans clash", level=1).wait_for()
    ann.get_by_text("Demand against supply").wait_for(timeout=60_000)
    ann.locator("td.red").first.wait_for(timeout=60_000)
    picture(ann, "collision")
    trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
    trainer.locator(".board td.red").first.wait_for(timeout=30_000)
    picture(trainer, "trainer-wall")
    next_phase("The meeting")
    ann.locator(".card").first.wait_for(timeout=90_000)
    picture(ann, "meeting")
    ann.get_by_text("Draw up an option of your own").click()
    ann.locator("form[action$=draft] input[name='v:overtime:line']").fill("300")
    ann.get_by_role("button", name="Simulate this one").click()
    ann.get_by_text("D · Your own").wait_for(timeout=60_000)
    ann.get_by_role("radio", name="D · Your own").check()
    ann.get_by_label("Why this one").fill("More hours before the peak")
    ann.get_by_text("Up to three actions").click()
    ann.get_by_label("What is to be done").first.fill("Ask for two more people")
    picture(ann, "commit")
    ann.get_by_role("button", name="Commit").click()
    bob.get_by_text("Committed: option D, by Ann").wait_for()
    picture(bob, "committed")
    trainer.get_by_role("row", name="Team 1").get_by_role("cell", name="yes").wait_for()
    next_phase("The month runs by")
    next_phase("What came true")
    bob.get_by_text("Ask for two more people").first.wait_for(timeout=60_000)
    bob.get_by_text("Your own way so far").wait_for(timeout=60_000)
    bob.get_by_role("button", name="Done").click()
    bob.get_by_role("button", name="Done").wait_for(state="detached")
    picture(bob, "review-2")
    next_phase("Debrief")
    trainer.keyboard.press("r")
    trainer.locator(".ranking").wait_for(timeout=120_000)
    picture(trainer, "trainer-debrief")
    trainer.locator(".luck").first.wait_for(timeout=240_000)
    picture(trainer, "trainer-luck")
    bob.goto(f"{address}/c/{code}?lang=zh")
    bob.locator(".luck").first.wait_for(timeout=60_000)
    picture(bob, "debrief-zh")
