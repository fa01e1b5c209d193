"""The training room by its protocol: who gets in, who does not, what a phone may send, and that nothing counts twice."""

import json
import re
from html import unescape
from types import SimpleNamespace

import pytest

from dashboard.classroom.door import Seal
from dashboard.classroom.html import sheet
from dashboard.classroom.room import Room
from dashboard.classroom.work import scores
from simulator.classroom.game import Game
from simulator.classroom.lesson import lesson_of
from simulator.classroom.roles import Cell, Sheet
from simulator.classroom.scoring import class_scores
from simulator.kernel.messages import msg
from tests.classroom.phones import Phone, serving, until

FIELD = "overtime:line"


@pytest.fixture
def room(tmp_path, lesson):
    """A server with one class of two teams."""
    with serving(tmp_path) as (app, port):
        game = Game.create(app.state.room.log, lesson, ["Red", "Blue"])
        yield game, port


def trainer_of(game, port):
    """The trainer's browser."""
    phone = Phone(port)
    assert phone.post(f"/c/{game.code}/trainer/pin", pin=game.pin)[0] == 200
    return phone


def test_a_phone_joins_reads_and_submits(room):
    game, port = room
    phone = Phone(port)
    assert phone.post("/", code=game.code.lower()) == (200, {"ok": True, "to": f"/c/{game.code}"})
    assert "Red" in phone.get(f"/c/{game.code}")
    phone.join(game.code, "Red", "Ann <b>", ["operations"])
    assert "Ann &lt;b&gt;" in phone.page(game.code)
    game.advance()
    phone.wait_for(game.code, FIELD)
    sent = {"role": "operations", "round": 1, f"v:{FIELD}": "7", "key": "k"}
    assert phone.post(f"/c/{game.code}/submit", **sent)[0] == 200
    assert phone.post(f"/c/{game.code}/submit", **sent)[0] == 200  # the answer was lost, and it was sent again
    assert game.state.teams["Red"].submitted[1, "operations"] == {FIELD: 7.0}
    assert [e.kind for e in game.log.entries(game.code)].count("submit") == 1
    assert phone.post(f"/c/{game.code}/submit", **{**sent, f"v:{FIELD}": "8"})[0] == 200  # changed on the same page
    assert game.state.teams["Red"].submitted[1, "operations"] == {FIELD: 8.0}
    assert 'value="8"' in phone.page(game.code)


def test_the_latest_class_is_open_before_anybody_asks(tmp_path, lesson):
    room = Room(tmp_path, lambda each: None)
    Game.create(room.log, lesson, ["Red"])
    game = Game.create(room.log, lesson, ["Blue"])
    room.open_latest()
    assert [*room._open] == [game.code]
    while game.phase().phase != "debrief":
        game.advance()
    again = Room(tmp_path, lambda each: None)
    again.open_latest()
    assert not again._open  # it is over


def test_the_debrief_scores_the_months_that_settle(tmp_path, lesson):
    """Also where the scores of the last month were asked for before."""
    room = Room(tmp_path, lambda each: None)
    game = Game.create(room.log, lesson, ["Red"])
    found = room.find(game.code, "")

    def told():
        until(lambda: scores(found), 120)
        return {each.name: each.total for each in scores(found)}

    while (game.phase().round, game.phase().phase) != (2, "review"):
        game.advance()
    before = told()
    game.advance()
    meant = {each.name: each.total for each in class_scores(game)}
    assert meant != before
    assert told() == meant
    found.desk.end()


def test_nothing_is_worked_out_while_a_class_joins(tmp_path, lesson, monkeypatch):
    """Three seconds after the last join the figures of the first month are; once the class has begun at once."""
    now, prepared = [100.0], []
    monkeypatch.setattr("dashboard.classroom.room.time", SimpleNamespace(monotonic=lambda: now[0]))
    room = Room(tmp_path, prepared.append)
    found = room.find(Game.create(room.log, lesson, ["Red"]).code, "")
    for at, name, worked in ((100.0, "Ann", 0), (102.0, "Bob", 0), (104.9, "", 0), (105.0, "", 1), (105.1, "Cem", 1)):
        now[0] = at
        if name:
            found.front.join("Red", name, ["sales"])
        found.tick()
        assert len(prepared) == worked, at
    found.front.advance()
    found.tick()
    assert len(prepared) == 2
    found.desk.end()


def test_a_plan_that_comes_too_early_is_asked_for_again(room, monkeypatch):
    """A page's script sends again what is answered by 503, and the plan counts once."""
    monkeypatch.setattr("dashboard.classroom.room.PATIENCE", 0.0)
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann", ["operations"])
    game.advance()
    sent = {"role": "operations", "round": 1, f"v:{FIELD}": "7", "key": "k"}
    answers = [phone.post(f"/c/{game.code}/submit", **sent)[0]]
    until(lambda: answers.append(phone.post(f"/c/{game.code}/submit", **sent)[0]) or answers[-1] != 503)
    assert answers[0] == 503
    assert answers[-1] == 200
    assert [e.kind for e in game.log.entries(game.code)].count("submit") == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (f"v:{FIELD}", "1e9", f"{FIELD} is 1e+09; it must be 0 to "),
        (f"v:{FIELD}", "nan", "it must be a number"),
        (f"v:{FIELD}", "many", f"{FIELD} is 'many'; it must be a number"),
        ("v:moon", "1", "there is nothing to fill in that is called 'moon'"),
        ("role", "sales", "you do not hold the role 'sales'"),
        ("round", "99", "round 99"),
    ],
)
def test_what_a_phone_may_not_send_is_told_in_one_sentence(room, field, value, sentence):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann", ["operations"])
    game.advance()
    status, told = phone.post(f"/c/{game.code}/submit", **{"role": "operations", "round": 1, "key": "k", field: value})
    assert status == 422
    assert sentence in told["error"]
    assert "\n" not in told["error"]
    assert not game.state.teams["Red"].submitted


def test_too_much_is_refused_before_it_is_read(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann")
    for body in (b"x=" + b"1" * 70_000, b"&".join(b"a%d=1" % k for k in range(400)), b"\xff=1"):
        status, text = phone.ask("POST", f"/c/{game.code}/submit", body)
        assert status == 422
        assert not json.loads(text)["ok"]


def test_no_phone_reaches_what_is_the_trainers(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann")
    from dashboard.classroom.trainer import DOES

    last = game.state.last
    for what in DOES:
        status, told = phone.post(
            f"/c/{game.code}/trainer/do", what=what, at="0:lobby", seconds=60, round=1, team="Red"
        )
        assert (status, told["ok"]) == (403, False)
    for path in ("page", "news"):
        assert phone.ask("GET", f"/c/{game.code}/trainer/{path}")[0] == 403
    assert game.pin not in phone.get(f"/c/{game.code}/trainer")
    assert game.state.last == last
    forged = phone.cookies[f"sop_player_{game.code}"]
    phone.cookies[f"sop_trainer_{game.code}"] = forged
    assert phone.post(f"/c/{game.code}/trainer/do", what="pause")[0] == 403


def test_a_pin_cannot_be_guessed(room):
    game, port = room
    phone = Phone(port)
    wrong = f"{(int(game.pin) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert phone.post(f"/c/{game.code}/trainer/pin", pin=wrong)[1]["error"] == "this is not the PIN of this class"
    assert "wait" in phone.post(f"/c/{game.code}/trainer/pin", pin=game.pin)[1]["error"]


def test_a_code_cannot_be_guessed(room):
    game, port = room
    phone = Phone(port)
    for _ in range(20):
        assert phone.post("/", code="AAAAAAAA")[0] == 422
    assert "wait" in phone.post("/", code=game.code)[1]["error"]


def test_two_classes_on_one_server_see_nothing_of_each_other(room, lesson):
    game, port = room
    other = Game.create(game.log, lesson, ["Red"])
    phone = Phone(port).join(game.code, "Red", "Annabel")
    stranger = Phone(port).join(other.code, "Red", "Boris")
    mark = phone.cookies[f"sop_player_{game.code}"]
    stranger.cookies[f"sop_player_{other.code}"] = mark  # even with another's mark
    assert json.loads(stranger.get(f"/c/{other.code}/page")) == {"gone": True}
    assert "Annabel" not in stranger.get(f"/c/{other.code}")
    assert "Boris" not in phone.page(game.code)
    trainer = trainer_of(game, port)
    assert "Annabel" in trainer.get(f"/c/{game.code}/trainer")
    trainer.cookies[f"sop_trainer_{other.code}"] = trainer.cookies[f"sop_trainer_{game.code}"]
    assert trainer.post(f"/c/{other.code}/trainer/do", what="next", at="0:lobby")[0] == 403
    assert other.phase().phase == "lobby"


@pytest.mark.parametrize(
    ("origin", "host"), [("http://evil.example", None), ("", None), ("null", None), (None, "evil.example")]
)
def test_other_pages_cannot_send_anything(room, origin, host):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann")
    phone.origin = phone.origin if origin is None else origin
    phone.host = f"{host}:{port}" if host else phone.host
    assert phone.ask("POST", f"/c/{game.code}/roles", {"roles": "finance"})[0] == 403


def test_the_class_is_reached_by_the_number_of_this_machine(room):
    _, port = room
    assert Phone(port, host=f"192.168.1.7:{port}").ask("GET", "/ready")[0] == 200
    assert Phone(port, host=f"192.168.1.7.evil.example:{port}").ask("GET", "/ready")[0] == 403


def test_the_trainer_leads(room):
    game, port = room
    phone, trainer = Phone(port).join(game.code, "Red", "Ann"), trainer_of(game, port)

    def do(**fields):
        status, told = trainer.post(f"/c/{game.code}/trainer/do", **fields)
        assert status == 200, told

    do(what="next", at="0:lobby")
    do(what="next", at="0:lobby")  # pressed twice
    assert game.phase().phase == "report"
    do(what="pause")
    assert game.phase().paused
    do(what="resume")
    before = game.phase().seconds
    do(what="extend", seconds=60)
    assert game.phase().seconds == before + 60
    do(what="silence")
    assert "nobody talks" in phone.page(game.code)
    do(what="team", name="Robots", robot="recommend")
    assert "Robots" in trainer.get(f"/c/{game.code}/trainer")
    assert trainer.post(f"/c/{game.code}/trainer/do", what="fly")[0] == 422


def test_a_class_is_set_up_in_the_browser(room, tmp_path):
    """By the address that the command tells, and by no other; all that is chosen is in the class."""
    game, port = room
    stranger, trainer = Phone(port), Phone(port)
    assert stranger.ask("GET", "/new")[0] == stranger.ask("GET", "/guide/first-month")[0] == 422
    assert stranger.ask("POST", "/new", {"lesson": "first-month"})[0] == 422
    assert "Set up a class" in trainer.get(f"/new?key={Seal(tmp_path / 'seal').key}")
    assert "false" in trainer.get("/guide/siloed-against-sop")
    chosen = {
        "lesson": "shortage",
        "teams": 2,
        "robots": 1,
        "rounds": 2,
        "minutes": 3,
        "events": "off",
        "seed": 7,
        "level": 3,
        "weight-service": 75,
        "weight-actions": "0",
    }
    refused = (
        ("teams", 31),
        ("rounds", "x"),
        ("seed", "1e3"),
        ("lesson", "moon"),
        ("weight-plan", 101),
        ("weight-plan", "nan"),
    )
    for name, value in refused:
        assert name in trainer.post("/new", **{**chosen, name: value})[1]["error"]
    status, told = trainer.post("/new", **chosen, language="zh")
    assert status == 200, told
    code = told["to"].split("/")[2]
    begun = Game.open(game.log, code)
    assert (begun.lesson.rounds, begun.lesson.level, begun.lesson.seed) == (2, 3, 7)
    assert sum(begun.lesson.minutes.model_dump().values()) == pytest.approx(3)
    weights = begun.state.weights.model_dump()
    assert weights == {"profit": 50, "service": 75, "plan": 10, "actions": 0, "ranges": 7.5}
    assert begun.lesson.dated == {}
    assert begun.lesson.happenings  # the trainer may still let one happen that has no date
    assert [team.robot for team in begun.teams()] == ["", "", "recommend"]
    assert begun.pin in trainer.get(told["to"])
    assert stranger.ask("GET", told["to"])[0] == trainer_of(game, port).ask("GET", told["to"])[0] == 403
    assert stranger.ask("GET", f"/c/{code}/trainer/guide")[0] == 403
    assert "本课的问题" in trainer.get(f"/c/{code}/trainer/guide")


def test_a_lesson_of_ones_own_has_the_guide_of_all_lessons(room):
    """The class of the small lesson, read from no file that comes with the product."""
    game, port = room
    guide = trainer_of(game, port).get(f"/c/{game.code}/trainer/guide")
    assert "Before the class" in guide
    assert "Questions of this lesson" not in guide


def test_the_trainer_lets_events_happen_and_plays_a_month_again(tmp_path, words):
    """The event is told to whom the lesson says; the month begins again, and all that was decided in it is put aside."""
    event = {
        "title": "Fire",
        "news": "There was a fire.",
        "role": "purchasing",
        "out": {"supplier": "far", "length": {"law": "constant", "mean": 9}},
    }
    with serving(tmp_path) as (app, port):
        game = Game.create(app.state.room.log, lesson_of({**words, "happenings": [event]}, "event"), ["Red"])
        phone, trainer = Phone(port).join(game.code, "Red", "Ann", ["purchasing", "operations"]), trainer_of(game, port)

        def do(**fields):
            status, told = trainer.post(f"/c/{game.code}/trainer/do", **fields)
            assert status == 200, told

        do(what="next", at="0:lobby")
        assert "Fire" in trainer.get(f"/c/{game.code}/trainer")
        assert "There was a fire" not in phone.wait_for(game.code, FIELD)
        do(what="inject", happening=0)
        assert game.state.happened == {0: 1}
        phone.wait_for(game.code, "There was a fire")
        assert trainer.post(f"/c/{game.code}/trainer/do", what="inject", happening=5)[0] == 422
        phone.wait_for(game.code, FIELD)
        sent = {"role": "operations", "round": 1, "key": "k", f"v:{FIELD}": "7"}
        assert phone.post(f"/c/{game.code}/submit", **sent)[0] == 200
        do(what="restart", round=1)
        assert (game.phase().round, game.phase().phase, game.state.happened) == (1, "report", {})
        assert game.state.teams["Red"].submitted == {}
        assert "There was a fire" not in phone.wait_for(game.code, FIELD)
        assert phone.post(f"/c/{game.code}/trainer/do", what="restart", round=1)[0] == 403


def test_a_month_without_a_meeting_has_no_agenda(room):
    """The demand planner is asked for one when all talk, and not when nobody does."""
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann", ["demand"])
    game.advance()
    assert "~agenda:parts" in phone.wait_for(game.code, "Submit</button>")
    game.silence(True)
    assert "~agenda:parts" not in phone.wait_for(game.code, "nobody talks")


def test_the_trainer_reads_which_program_plays_a_team(room):
    """Robots hold no roles, so that none of theirs is on autopilot."""
    game, port = room
    game.add_team("Machine", 4, "silo")
    page = trainer_of(game, port).get(f"/c/{game.code}/trainer")
    row = re.search(r"Machine</th>(.*?)</tr>", page)[1]
    assert "robot: each department for itself" in row
    assert "Finance" not in row
    assert "Finance" in re.search(r"Red</th>(.*?)</tr>", page)[1]


def test_whoever_is_missing_is_on_autopilot_until_somebody_takes_over(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann", ["sales"])
    assert "autopilot" in phone.page(game.code)
    assert phone.post(f"/c/{game.code}/roles", roles="sales,operations")[0] == 200
    assert game.state.holders("Red", "operations")[0].name == "Ann"


def test_pages_speak_chinese(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann")
    page = phone.get(f"/c/{game.code}?lang=zh")
    assert 'lang="zh-CN"' in page
    assert "您已加入" in page
    assert "您已加入" in phone.page(game.code)


def test_a_killed_server_goes_on_with_phones_and_trainer(tmp_path, lesson):
    with serving(tmp_path) as (app, port):
        game = Game.create(app.state.room.log, lesson, ["Red"])
        phone, trainer = Phone(port).join(game.code, "Red", "Ann", ["operations"]), trainer_of(game, port)
        trainer.post(f"/c/{game.code}/trainer/do", what="next", at="0:lobby")
        phone.wait_for(game.code, FIELD)
        assert (
            phone.post(f"/c/{game.code}/submit", role="operations", round=1, key="k", **{f"v:{FIELD}": "7"})[0] == 200
        )
    with serving(tmp_path) as (_, port):
        again = Phone(port)
        again.cookies = phone.cookies
        assert 'value="7"' in again.wait_for(game.code, FIELD)
        trainer.port, trainer.host, trainer.origin = again.port, again.host, again.origin
        assert "Ann" in trainer.get(f"/c/{game.code}/trainer")


def test_a_lost_phone_gives_its_seat_back(room, monkeypatch):
    game, port = room
    lost, trainer = Phone(port).join(game.code, "Red", "Ann"), trainer_of(game, port)
    assert lost.page(game.code)
    trainer.post(f"/c/{game.code}/trainer/do", what="free", team="Red")
    assert game.state.holders("Red", "sales")  # it is there
    monkeypatch.setattr("dashboard.classroom.room.HERE_FOR", 0.0)
    assert trainer.post(f"/c/{game.code}/trainer/do", what="free", team="Red")[0] == 200
    assert not game.state.holders("Red", "sales")
    assert json.loads(lost.get(f"/c/{game.code}/page")) == {"gone": True}


def test_a_meeting_commits_what_was_shown(room):
    game, port = room
    phone = Phone(port).join(game.code, "Red", "Ann", ["operations", "finance"])
    for _ in range(2):
        game.advance()
    phone.wait_for(game.code, FIELD)
    assert phone.post(f"/c/{game.code}/submit", role="operations", round=1, key="k", **{f"v:{FIELD}": "7"})[0] == 200
    phone.post(f"/c/{game.code}/roles", roles="operations,finance,demand")
    assert phone.post(f"/c/{game.code}/submit", role="demand", round=1, key="a", **{"v:~agenda:hours": "1"})[0] == 200
    for _ in range(2):
        game.advance()
    agenda = phone.wait_for(game.code, "On the agenda").partition("Not on the agenda")
    assert ["Hours against capacity" in part for part in agenda] == [True, False, False]
    assert ["Parts against needs" in part for part in agenda] == [False, False, True]

    def seen():
        return re.search(r'name="seen" value="(\w+)"', phone.wait_for(game.code, 'value="B"'))[1]

    shown = seen()
    assert "<option value=2 selected>" in phone.page(game.code)  # an action agreed on today is due next round
    assert phone.post(f"/c/{game.code}/submit", role="operations", round=1, key="l", **{f"v:{FIELD}": "9"})[0] == 200
    sent = {
        "round": 1,
        "option": "B",
        "reason": "hours",
        "action1": "hire",
        "owner1": "operations",
        "due1": 2,
        "key": "c",
    }
    assert "changed a plan" in phone.post(f"/c/{game.code}/commit", seen=shown, **sent)[1]["error"]
    assert phone.post(f"/c/{game.code}/veto", round=1, option="B", reason="too dear")[0] == 200
    assert "too dear" in phone.post(f"/c/{game.code}/commit", seen=seen(), **sent)[1]["error"]
    assert phone.post(f"/c/{game.code}/veto", round=1, option="B", reason="")[0] == 200
    assert "no option 'Z'" in phone.post(f"/c/{game.code}/commit", seen=seen(), **{**sent, "option": "Z"})[1]["error"]
    assert phone.post(f"/c/{game.code}/draft", round=1, **{f"v:{FIELD}": "5"})[0] == 200
    last = {**sent, "option": "D", "seen": seen()}
    assert phone.post(f"/c/{game.code}/commit", **last)[0] == 200
    assert phone.post(f"/c/{game.code}/commit", **last)[0] == 200  # the answer was lost, and it was sent again
    found = game.state.teams["Red"].committed[1]
    assert (dict(found.values), found.reason, found.by) == ({FIELD: 5.0}, "hours", "Ann")
    assert [(a.text, a.owner, a.due) for a in found.actions] == [("hire", "operations", 2)]
    assert [e.kind for e in game.log.entries(game.code)].count("commit") == 1


def test_options_are_simulated_while_plans_are_written(tmp_path, lesson):
    """The recommendation from the first moment on, the plans as submitted once everybody has; so that the meeting need not wait."""
    with serving(tmp_path) as (app, port):
        game = Game.create(app.state.room.log, lesson, ["Red"])
        phone = Phone(port).join(game.code, "Red", "Ann", ["operations"])
        game.advance()
        game.advance()
        phone.wait_for(game.code, FIELD)
        kept = app.state.room.find(game.code, "").back.playing.kept

        def simulated():
            return {key[2] for key in [*kept] if not isinstance(key[2], str)}

        until(lambda: simulated() == {()})
        until(lambda: {each.shape[1] for key, each in [*kept.items()] if key[2] == ()} == {200})  # forty come first
        assert (
            phone.post(f"/c/{game.code}/submit", role="operations", round=1, key="k", **{f"v:{FIELD}": "7"})[0] == 200
        )
        until(lambda: any(d.amount == 7.0 for option in simulated() for d in option))
        assert game.phase().phase == "plan"


def test_everything_goes_into_a_workbook_without_formulas(room):
    import io

    import pandas as pd

    game, port = room
    phone, trainer = Phone(port).join(game.code, "Red", "=1+1"), trainer_of(game, port)
    game.advance()
    assert phone.ask("GET", f"/c/{game.code}/trainer/export")[0] == 403
    connection = trainer.raw(f"/c/{game.code}/trainer/export")
    log = pd.read_excel(io.BytesIO(connection), sheet_name="log", engine="calamine")
    assert "=1+1" in " ".join(map(str, log["entry, as programs read it"]))


def test_the_debrief_is_read_and_printed(room, monkeypatch):
    monkeypatch.setattr("simulator.classroom.debrief.luck.AT_FIRST", 2)
    game, port = room
    phone, trainer = Phone(port).join(game.code, "Red", "Ann", ["operations"]), trainer_of(game, port)
    assert phone.ask("GET", f"/c/{game.code}/certificate")[0] == 422  # not over yet
    while game.phase().phase != "debrief":
        game.advance()
    assert "other lucks; worth" in phone.wait_for(game.code, "Luck and skill", 120)
    page = phone.wait_for(game.code, "The game without one decision", 120)
    for part in ("Where the plan broke", "Bias by role", "From the team to the best policy"):
        assert part in page
    paper = unescape(phone.get(f"/c/{game.code}/certificate?team=Blue"))  # a phone has its own team's only
    assert "played by Ann" in paper
    assert "<h1>Red</h1>" in paper
    assert phone.ask("GET", f"/c/{game.code}/trainer/slides")[0] == 403
    assert trainer.post(f"/c/{game.code}/trainer/do", what="wall", team="Blue")[0] == 200
    until(lambda: trainer.get(f"/c/{game.code}/trainer/slides").count("The game without one decision") == 2, 120)
    assert "<h1>Blue</h1>" in trainer.get(f"/c/{game.code}/certificate?team=Blue")
    assert "there is no team" in trainer.ask("GET", f"/c/{game.code}/certificate?team=Green")[1]


def test_shares_are_shown_as_percent():
    """A share of .123 is 12.3 %, in a table of shares and in a cell that is one; units stay what they are."""
    table = sheet(Sheet("Errors", ["Bias"], [("fans", [Cell(0.123)])], msg("share")))
    assert "12.3 %" in table
    assert "share" not in table
    mixed = sheet(Sheet("Mood", ["Left", "Lost"], [("chains", [Cell(0.98, share=True), Cell(6.0)])]))
    assert re.findall(r"<td[^>]*>([^<]+)", mixed) == ["98.0 %", "6"]
