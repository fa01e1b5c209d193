"""Three readers: a manager, a trainer, an analyst; and what a browser finds on every page."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ("", "data", "today", "lab", "cycle", "bridge", "replay", "sweep", "scenario", "play", "methods")

pytestmark = pytest.mark.browser


def tiles(page):
    """The figures of all tiles, by their label."""
    found = page.get_by_test_id("stMetric")
    return {each.split("\n")[0]: each for each in found.all_inner_texts()}


def test_a_manager_reads_moves_the_target_and_shares_the_link(visit):
    """Open, read, move the target, look at another policy; a second browser shows the same numbers."""
    first = visit()
    page = first.open()
    assert "Under the contract of 95.0 % fill rate" in page.get_by_test_id("stMain").inner_text()
    before = tiles(page)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowLeft")
        first.settle()  # a press while the page is drawn anew is lost to the slider
    page.wait_for_url(re.compile(r"target=94\.5"))
    first.settle()
    shared = page.url
    after = tiles(page)
    assert before.keys() == after.keys()
    second = visit()
    other = second.open(shared.removeprefix(second.address))
    assert tiles(other) == after


def test_a_manager_changes_one_policy_and_sees_first_runs_then_all(visit):
    """A knob turned on Compare: the alternative comes with its first runs, then with all of them, and no click between."""
    reader = visit()
    page = reader.open("/?company=giftware&how=run&n=300&policies=chase")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_test_id("stVegaLiteChart").first.wait_for(timeout=120_000)
    page.get_by_text("So far 20 of 300").wait_for(state="detached", timeout=240_000)
    reader.settle()
    page.get_by_role("button", name="What if").first.click()
    page.get_by_role("button", name="z 1.65", exact=True).click()
    page.get_by_text("So far 20 of 300 runs of each policy; all of them follow.").wait_for(timeout=120_000)
    page.get_by_test_id("stVegaLiteChart").filter(has_text="z 1.65").first.wait_for(timeout=30_000)
    assert page.get_by_test_id("stProgress").count() == 1
    first = tiles(page)
    page.get_by_text("So far 20 of 300").wait_for(state="detached", timeout=240_000)
    reader.settle()
    assert page.get_by_test_id("stProgress").count() == 0
    assert tiles(page).keys() == first.keys()
    assert tiles(page) != first


def test_code_for_charts_is_asked_for_at_once_and_that_which_colours_commands_when_it_is_looked_at(visit):
    """Before the page has said anything a browser fetches what draws charts; the command line is there when it is opened."""
    reader = visit()
    page = reader.open("/")
    fetched = """() => performance.getEntriesByType('resource').sort((a, b) => a.startTime - b.startTime).map(each => each.name)"""
    names = [name.rpartition("/")[2].split(".")[0] for name in page.evaluate(fetched)]
    assert names.index("embed") < names.index("health")
    assert "StreamlitSyntaxHighlighter" not in names
    page.get_by_text("The same from the command line").click()
    page.get_by_text("sop compare").first.wait_for(timeout=30_000)
    reader.settle()
    assert "StreamlitSyntaxHighlighter" in str(page.evaluate(fetched))


def test_a_trainer_walks_the_month_and_the_ladder(visit):
    """Five steps by keyboard, then the nine rungs from siloed to full S&OP, and out again."""
    reader = visit()
    page = reader.open("/cycle?show=1")
    seen = []
    for _ in range(5):
        seen.append(page.locator("h1").inner_text())
        page.keyboard.press("ArrowRight")
        reader.settle()
    assert [title[0] for title in seen] == ["1", "2", "3", "4", "5"]
    page = reader.open("/bridge?company=giftware&show=1")
    rungs = []
    for _ in range(9):
        rungs.append(page.locator("h1").inner_text())
        page.keyboard.press("ArrowRight")
        reader.settle()
    assert len(set(rungs)) == 9
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Value bridge").wait_for()


def test_a_trainer_asks_what_another_decision_was_worth(visit):
    """Open the part, take what the minutes offer, run it in many futures, read the paired differences."""
    reader = visit()
    page = reader.open("/cycle?company=giftware")
    page.get_by_text("What if we had decided otherwise?").click()
    reader.settle()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("sop ghost giftware --policy sop --month 14").first.wait_for(timeout=60_000)
    reader.settle()
    assert "Differences from what was decided" in page.get_by_test_id("stMain").inner_text()


def test_an_analyst_changes_runs_downloads_and_finds_the_same_numbers(visit, tmp_path):
    """A changed price, twelve replications: page, download and command line agree to the last digit."""
    reader = visit()
    change = json.dumps({"products.85123A.price": 3.25})
    page = reader.open(f"/?company=giftware&policies=siloed,sop&n=12&set={change}")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Under the contract of 95.0 % fill rate").first.wait_for(timeout=60_000)
    reader.settle()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    saved = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    command = [
        sys.executable,
        "-m",
        "simulator.faces.cli",
        "compare",
        "giftware",
        "--policy",
        "siloed",
        "--policy",
        "sop",
    ]
    options = ["--replications", "12", "--at", "contract", "--set", "products.85123A.price=3.25", "--json"]
    options += [
        word for name in dict.fromkeys(row["measure"] for row in saved["summary"]) for word in ("--measure", name)
    ]
    told = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert saved["summary"] == json.loads(told.stdout)["summary"]
    fill = next(row for row in saved["summary"] if row["measure"] == "fill_rate" and row["policy"] == "sop")
    assert (
        f"{100 * fill['mean']:.1f} ±"
        in tiles(page)[next(label for label in tiles(page) if label.startswith("Fill rate"))]
    )


def test_an_analyst_runs_a_study_and_follows_a_setting_into_compare(visit):
    """Change a study, see what it costs, run it, read the tornado, point at the frontier, compare that setting."""
    reader = visit()
    vary = json.dumps([{"entry": "policy.safety_stock.z", "low": 0.5, "high": 2.5, "steps": 3}])
    page = reader.open(f"/sweep?study=own&reps-own=4&with=sop&vary={vary}")
    page.get_by_role("button", name="Run", exact=True).wait_for(timeout=60_000)
    assert "= 12 runs" in page.get_by_test_id("stMain").inner_text()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("moves fill rate most").first.wait_for(timeout=90_000)
    reader.settle()
    charts = page.get_by_test_id("stVegaLiteChart")
    bars = charts.first.locator("svg .mark-rect.role-mark path")
    said = [bars.nth(k).get_attribute("aria-label") for k in range(2)]
    assert ["at: 0.5" in said[0], "at: 2.5" in said[1]] == [True, True]
    charts.nth(1).locator("svg .mark-symbol.role-mark path").first.click()
    page.wait_for_url(re.compile("spot="))
    reader.settle()
    page.get_by_role("button", name="Open in Compare").click()
    page.get_by_role("heading", name="Compare ways of planning").wait_for()
    reader.settle()
    assert "S&OP by the rules, setting" in page.get_by_test_id("stMain").inner_text()
    page.get_by_role("button", name="Run", exact=True).wait_for()


def test_a_run_survives_a_reload_and_can_be_stopped(visit):
    """The page only reads the folder of a run."""
    reader = visit()
    page = reader.open("/?company=giftware&policies=siloed,chase,level,sop,sop-smoothed,order-up-to&n=400&seed=77")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Stop").wait_for(timeout=20_000)
    page.reload()
    page.get_by_role("button", name="Stop").wait_for(timeout=20_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Run", exact=True).wait_for(timeout=20_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page_path", PAGES)
def test_axe_finds_nothing_of_ours(visit, page_path, scheme):
    """No violation of WCAG 2.1 A and AA in what we draw; parts of the framework's own are named."""
    from axe_playwright_python.sync_playwright import Axe

    reader = visit(color_scheme=scheme)
    page = reader.open(f"/{page_path}")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
    ours = {v["id"]: [n["html"][:200] for n in v["nodes"]] for v in found if v["id"] not in FRAMEWORK}
    assert not ours, json.dumps(ours, indent=1)


FRAMEWORK = {
    "aria-allowed-attr": "the framework's select boxes",
}
"""Rules that Streamlit's own widgets break and that a page cannot mend."""


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page_path", PAGES)
def test_a_page_fits_a_phone(visit, page_path, lang):
    """Nothing is wider than the screen, in either language."""
    reader = visit(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = reader.open(f"/{page_path}?lang={lang}")
    wide = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 391
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[lang]


def test_reports_are_readable_in_a_browser(visit, tmp_path):
    """A saved report, opened from disk: its words are there, those of its pictures too, and nothing is fetched."""
    reader = visit()
    page = reader.open("/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    other = reader.context.new_page()
    other.set_content(file.read_text(encoding="utf-8"))
    assert "Compare" in other.locator("h1").inner_text()
    words = other.locator("svg text").all()
    assert len(words) > 10
    assert all(each.bounding_box()["width"] > 0 for each in words if (each.text_content() or "").strip())


@pytest.mark.parametrize("width", [1366, 390])
def test_no_legend_is_cut(visit, width):
    """Names of series stand within their picture, on a slide, a page and a phone."""
    reader = visit(viewport={"width": width, "height": 768})
    for path in ("/cycle?step=3", "/cycle?show=1&slide=2", "/replay"):
        page = reader.open(path)
        page.locator("svg .role-legend").first.wait_for()
        cut = page.evaluate(
            """() => [...document.querySelectorAll('svg .role-legend text, svg .role-title text')].filter(text => {
              const own = text.getBoundingClientRect(), all = text.closest('svg').getBoundingClientRect();
              return own.right > all.right + 1 || text.textContent.endsWith('…'); }).map(text => text.textContent)"""
        )
        assert not cut, (path, cut)


def titles(page):
    """What the menu calls the pages, without their signs."""
    lines = page.get_by_test_id("stSidebarNav").inner_text().split("\n")
    return [line for line in lines if line.strip() and not re.fullmatch("[a-z_]+", line.strip())]


def test_a_chinese_browser_is_answered_in_chinese_from_the_first_page_on(visit):
    """Menu, title and page obey the browser; the link and the reader's choice win over it, on every page."""
    reader = visit(locale="zh-CN")
    page = reader.open()
    assert page.locator("h1").inner_text() == "比较计划方式"
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert len(titles(page)) == len(PAGES)
    assert all(is_chinese(title) for title in titles(page)), titles(page)
    page.reload()
    page.locator("h1").first.wait_for()
    reader.settle()
    assert all(is_chinese(title) for title in titles(page)), titles(page)
    page = visit(locale="zh-CN").open("/?lang=en")
    assert "Compare" in titles(page)
    other = visit()
    page = other.open("/?lang=zh")
    page.get_by_test_id("stSidebarNav").get_by_role("link").nth(PAGES.index("lab")).click()
    page.wait_for_url(re.compile("/lab"))
    other.settle()
    assert all(is_chinese(title) for title in titles(page)), titles(page)


def is_chinese(title):
    """Whether a title has Chinese signs."""
    return bool(re.search("[\u4e00-\u9fff]", title))


def test_a_pasted_sheet_becomes_an_answer(visit):
    """From the empty page: paste a table, say what a column means, use the company, its lab, its comparison."""
    rows = ["Ware\tMonat\tWieviel\tPreis"]
    rows += [
        f"{name}\t{2022 + m // 12}-{m % 12 + 1:02}-01\t{60 + 5 * (m % 7) + k}\t{9 + k}"
        for m in range(24)
        for k, name in enumerate(("cup", "bowl"))
    ]
    reader = visit()
    page = reader.open("/data")
    page.get_by_text("Or paste a range").click()
    area = page.get_by_label("A range copied from a spreadsheet, with its heads")
    area.fill("\n".join(rows))
    area.press("Control+Enter")
    page.get_by_text("Meaning of each column").first.wait_for()
    reader.settle()
    if page.get_by_role("alert").count():  # heads that nobody knows: say what they mean
        for head, meaning in (("Ware", "Product code"), ("Wieviel", "Quantity")):
            box = page.get_by_role("combobox", name=head)
            box.click()
            box.fill(meaning)
            page.get_by_role("option", name=meaning, exact=True).click()
            reader.settle()
    page.get_by_label("Name of the company").fill("Crockery")
    page.get_by_label("Name of the company").press("Enter")
    reader.settle()
    page.get_by_role("button", name="Use this company").click()
    page.wait_for_url(re.compile(r"compare|/\?|/$"))
    reader.settle()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Under the contract of 95.0 % fill rate").first.wait_for(timeout=60_000)
    reader.settle()
    assert page.locator("input[value='Crockery'], :text-is('Crockery')").count()
    company = re.search(r"company=([^&]+)", page.url)[1]
    page.get_by_test_id("stSidebarNav").get_by_text("Safety-stock lab").click()
    page.get_by_text("takes a safety stock of").wait_for(timeout=30_000)
    reader.settle()
    assert f"company={company}" in page.url
    assert "cup" in page.get_by_test_id("stMain").inner_text()
