"""The 90-minute lesson in its short form in browsers: four phones of one team, two teams of robots, the plug pulled in round 3."""

import re
import signal
import subprocess
import sys
from os import environ
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.browser.served import ROOT, free_port, wait_for
from tests.browser.test_class import PHONE, PICTURES, join, picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAYERS = {
    "Ann": ["Sales"],
    "Bob": ["Demand planner", "Finance"],
    "Cem": ["Operations"],
    "Dai": ["Purchasing"],
}
"""The seats of a team of four."""

ROUNDS, PLUG = 4, 3
"""Months of the short form, and the one in which the laptop stops."""

PATIENCE = 300_000
"""Milliseconds for which a page is waited for on a machine that has other things to do."""

EXPECTED = ("net::ERR_", "status of 503")
"""Complaints of a browser whose server is off, or has just come back."""


class Laptop:
    """The trainer's machine: one command, which is the same after the plug was pulled."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.address, self.log = f"http://127.0.0.1:{self.port}", folder / "log.txt"
        self.start()

    def start(self):
        """Type the command."""
        words = ["dashboard", "--class", "--lesson", "siloed-against-sop", "--teams", "1"]
        command = [sys.executable, "-m", "simulator.faces.cli", *words, "--port", str(self.port)]
        home = {**environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(
                [*command, "--results", str(self.folder / "r")], cwd=ROOT, env=home, stdout=log, stderr=log
            )
        wait_for(f"{self.address}/ready", self.server)

    def told(self, what):
        """A word that the command told."""
        return re.search(what, self.log.read_text(encoding="utf-8"))[1]

    def pull_the_plug(self):
        """Stop at once, as without electricity."""
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()


@pytest.fixture
def laptop(tmp_path):
    """A class that was started as the guide says."""
    found = Laptop(tmp_path)
    yield found
    found.server.kill()
    found.server.wait()


@pytest.fixture
def browse(chromium, laptop):
    """Open browsers; what they complain about counts unless the laptop is off."""
    visits = []

    def open_one(**options):
        visits.append(Visit(chromium, laptop.address, **options))
        return visits[-1].page

    yield open_one
    for each in visits:
        each.context.close()
        assert not each.strangers, each.strangers
        unexpected = [text for text in each.complaints if not any(each in text for each in EXPECTED)]
        assert not unexpected, unexpected


def set_up(trainer, laptop):
    """Set up the short form on the page whose address the command told: four months, two teams of robots."""
    trainer.goto(f"{laptop.address}/new?key={laptop.told(r'key=([0-9a-f]+)')}")
    picture(trainer, "01-set-up")
    trainer.get_by_label("Teams of people").fill("1")
    trainer.get_by_label("Teams played by robots").fill("2")
    trainer.get_by_label("Rounds of a month").fill(str(ROUNDS))
    trainer.get_by_role("button", name="Open the class").click()
    trainer.get_by_text("Your PIN:").wait_for()
    picture(trainer, "02-card")
    code, pin = (each.inner_text() for each in trainer.locator("b.big").all())
    trainer.get_by_text("The trainer's guide of this lesson, to print").click()
    trainer.get_by_role("heading", name="Siloed against S&OP", exact=False).first.wait_for()
    picture(trainer, "03-guide")
    trainer.goto(f"{laptop.address}/c/{code}/trainer")
    trainer.locator(".code", has_text=code).wait_for()
    return code, pin


def test_four_phones_two_robots_and_a_plug(browse, laptop):
    trainer = browse(viewport={"width": 1280, "height": 800})
    code, pin = set_up(trainer, laptop)
    phones = {name: browse(**PHONE) for name in PLAYERS}
    for name, roles in PLAYERS.items():
        join(phones[name], (laptop.address, code, pin), "Team 1", name, roles)
    ann, bob, cem, dai = phones.values()
    dai.goto(f"{laptop.address}/c/{code}?lang=zh")  # one reads Chinese
    second = browse(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    second.goto(f"{laptop.address}/c/{code}/trainer?lang=zh")
    second.locator("input[name=pin]").fill(pin)
    second.locator("button.main").click()
    second.locator(".code", has_text=code).wait_for()
    at = {"n": 0}

    def pictures(what):
        trainer.wait_for_timeout(2_500)
        for name, page in {**phones, "trainer": trainer, "trainer-zh": second}.items():
            picture(page, f"r{at['n']}-{what}-{name}")

    def next_phase(title):
        trainer.keyboard.press("n")
        trainer.get_by_role("heading", name=title, level=1).wait_for(timeout=PATIENCE)
        ann.get_by_role("heading", name=title, level=1).wait_for(timeout=PATIENCE)

    def submit(page, values=None):
        """Fill in and submit all plans that a phone holds."""
        page.locator("form[action$=submit]").first.wait_for(timeout=PATIENCE)
        for key, value in (values or {}).items():
            page.locator(f"form[action$=submit] input[name='v:{key}']").fill(value)
        for k in range(page.locator("form[action$=submit]").count()):
            form = page.locator("form[action$=submit]").nth(k)
            form.locator("button.main").click()
            page.locator("form[action$=submit]").nth(k).locator("output").filter(has_text=re.compile("^$")).wait_for(
                state="attached", timeout=PATIENCE
            )

    picture(trainer, "r0-lobby-trainer")
    picture(second, "r0-lobby-trainer-zh")
    picture(dai, "r0-lobby-Dai")
    for round in range(1, ROUNDS + 1):
        at["n"] = round
        next_phase("Report and news")
        ann.get_by_text("Last month").first.wait_for(timeout=PATIENCE)
        dai.locator("form[action$=submit]").first.wait_for(timeout=PATIENCE)
        if round <= 2:
            pictures("1-report")
        next_phase("Your own plan")
        submit(ann)
        submit(bob)
        submit(cem, {"overtime:line": "60"})
        assert cem.locator("form[action$=submit] input[name='v:overtime:line']").input_value() == "60"
        if round == PLUG:
            laptop.pull_the_plug()
            dai.locator("form[action$=submit] button.main").first.click()
            dai.wait_for_timeout(3_000)
            picture(dai, "r3-unplugged-Dai")
            picture(trainer, "r3-unplugged-trainer")
            laptop.start()
            assert laptop.told(r"(?:code )(\w{8})") == code
        else:
            submit(dai)
        trainer.get_by_role("row", name="Team 1").get_by_text("Purchasing").wait_for(timeout=PATIENCE)
        pictures("2-plan")
        if round > 1:
            next_phase("Where the plans clash")
            ann.get_by_text("Demand against supply").first.wait_for(timeout=PATIENCE)
            trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
            trainer.locator(".board").first.wait_for(timeout=PATIENCE)
            if round <= 3:
                pictures("3-clash")
            next_phase("The meeting")
            bob.locator(".card").first.wait_for(timeout=PATIENCE)
            if round == 2:
                pictures("4-meeting")
            bob.get_by_role("radio", name="A ·").check()
            bob.get_by_label("Why this one").fill("It keeps service")
            bob.get_by_text("Up to three actions").click()
            bob.get_by_label("What is to be done").first.fill(f"Ask the motor maker, month {round}")
            bob.get_by_role("button", name="Commit").click()
            ann.get_by_text("Committed: option A, by Bob").wait_for(timeout=PATIENCE)
            if round == 2:
                pictures("4-committed")
            trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
        next_phase("The month runs by")
        ann.locator(".days polyline").first.wait_for(timeout=PATIENCE)
        trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
        ann.wait_for_timeout(13_000)
        pictures("5-days")
        next_phase("What came true")
        ann.get_by_text("Your own way so far").wait_for(timeout=PATIENCE)
        trainer.keyboard.press("r")
        trainer.locator(".ranking").wait_for(timeout=PATIENCE)
        pictures("6-review")
        trainer.keyboard.press("r")
        trainer.locator(".ranking").wait_for(state="detached", timeout=PATIENCE)
        if trainer.locator(".board").count():
            trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
            trainer.locator(".board").wait_for(state="detached", timeout=PATIENCE)
    at["n"] = 5
    next_phase("Debrief")
    trainer.keyboard.press("r")
    trainer.locator(".ranking").wait_for(timeout=PATIENCE)
    trainer.locator(".luck").first.wait_for(timeout=2 * PATIENCE)
    trainer.get_by_text("Worked out: 3 of 3 teams, 200 of 200").wait_for(timeout=4 * PATIENCE)
    trainer.get_by_role("row", name="Team 1").get_by_role("button", name="Wall").click()
    trainer.locator(".board").wait_for(timeout=PATIENCE)
    for page in [*phones.values(), trainer, second]:
        page.wait_for_timeout(2_500)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    for name, page in {**phones, "trainer": trainer, "trainer-zh": second}.items():
        picture(page, f"debrief-{name}")
    trainer.goto(f"{laptop.address}/c/{code}/trainer/slides")
    picture(trainer, "paper-slides")
    second.goto(f"{laptop.address}/c/{code}/trainer/slides")
    picture(second, "paper-slides-zh")
    ann.goto(f"{laptop.address}/c/{code}/certificate")
    ann.locator(".points").wait_for(timeout=PATIENCE)
    picture(ann, "paper-certificate")
    for page, name in ((trainer, "en"), (second, "zh")):
        page.goto(f"{laptop.address}/c/{code}/trainer/guide")
        picture(page, f"paper-guide-{name}")
        book = page.request.get(f"{laptop.address}/c/{code}/trainer/export")
        assert book.ok
        if PICTURES:
            (Path(PICTURES) / f"class-{name}.xlsx").write_bytes(book.body())
