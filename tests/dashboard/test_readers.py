"""One reader cannot shut out the others: shared runs, turns, limits, and what is kept on disk."""

import os
import subprocess
import sys
import threading
import time

import pytest
import reader  # noqa: F401  (chooses where answers are kept)

from dashboard import case, jobs, keeping, readers, studies, turns
from dashboard.asks import Ask
from dashboard.case import HOME, Case, brought, names_only
from dashboard.origin import PROJECT
from simulator.kernel.units import ScenarioError

READERS = 12
LINES = "invoice,product,quantity,date,price,customer\nSECRETWORD,margin 42,1,2020-01-01,1,me\n"


@pytest.fixture
def no_process(monkeypatch):
    """Turns without anybody who works: a process is a number that lives until it is taken out of the set."""
    living = set()

    def launch(book, wish):
        living.add(pid := 10_000_000 + wish.number)
        book.begin(wish, pid, time.time())

    def end(wish):
        living.discard(wish.pid)

    monkeypatch.setattr(jobs, "_launch", launch)
    monkeypatch.setattr(jobs, "_end", end)
    monkeypatch.setattr(jobs, "alive", lambda wish: wish.pid in living)
    return living


def comparison(seed, replications=2):
    """A small ask, another one for each seed."""
    return Ask("compare", Case("trading"), ("siloed",), replications, seed)


def serve(living):
    """End what runs, until nothing waits: the keys in the order of their turns."""
    found = []
    while running := [wish for wish in turns.read_book().wishes if wish.pid is not None]:
        found += [wish.key for wish in running]
        living.clear()
        jobs.advance()
    return found


def workers(key):
    """Process groups of this machine that answer an ask; a run and its parts are one."""
    words = ["ps", "-ww", "-eo", "stat=,pgid=,args="]
    told = subprocess.run(words, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[1] for line in told if "dashboard.work" in line and key in line and not line.startswith("Z")}


# --- one process, many owners ---


def test_twelve_who_press_at_once_start_one_process():
    """All own it; eleven Stops end nothing, the twelfth ends all of it."""
    ask, names = comparison(901, 20_000), [f"reader-{k}" for k in range(READERS)]
    _ = ask.key
    gate = threading.Barrier(READERS)

    def press(name):
        gate.wait()
        jobs.start(ask, name)

    threads = [threading.Thread(target=press, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wish = turns.read_book().find(jobs._place(ask.key))
    assert sorted(wish.owners) == sorted(names)
    assert workers(ask.key) == {str(wish.pid)}
    until = time.monotonic() + 30
    while jobs.state_of(ask.key).status == "waiting" and time.monotonic() < until:
        time.sleep(0.05)
    for name in names[:-1]:
        assert not jobs.stop(ask.key, name)
        assert jobs.alive(wish)
    assert jobs.stop(ask.key, names[-1])
    assert not workers(ask.key)
    assert jobs.state_of(ask.key).status == "none"


def test_two_servers_that_press_at_once_start_one_process():
    """The book is shared by processes as well as by threads."""
    ask = comparison(902, 20_000)
    words = (
        "import sys; from dashboard import jobs; from dashboard.asks import Ask; from dashboard.case import Case; "
        "ask = Ask('compare', Case('trading'), ('siloed',), 20_000, 902); ask.key; print('ready', flush=True); "
        "sys.stdin.readline(); jobs.start(ask, sys.argv[1]); print('pressed', flush=True); sys.stdin.readline()"
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", words, f"server-{k}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=PROJECT, env={**os.environ, "SOP_RESULTS": str(HOME.parent)},
        )
        for k in range(2)
    ]  # fmt: skip
    for answer in ("ready\n", "pressed\n"):
        for server in servers:
            assert server.stdout.readline() == answer
        for server in servers:
            server.stdin.write("\n")
            server.stdin.flush()
    for server in servers:
        server.wait(timeout=20)
    wish = turns.read_book().find(jobs._place(ask.key))
    assert sorted(wish.owners) == ["server-0", "server-1"]
    assert workers(ask.key) == {str(wish.pid)}
    assert [jobs.stop(ask.key, f"server-{k}") for k in range(2)] == [False, True]
    assert not workers(ask.key)


@pytest.fixture
def somebody_stands_by(monkeypatch):
    """A process for each ask, as if one that stands by had forked it."""
    monkeypatch.setattr(jobs.STANDING_BY, "begin", lambda folder, patience=0.0: jobs._started(folder))


def test_who_asks_for_what_was_begun_ahead_joins_it(somebody_stands_by):
    """It goes on in the same process, and is one of theirs from then on."""
    ask = comparison(903, 20_000)
    jobs.begin_ahead(ask)
    (before,) = turns.read_book().wishes
    assert (before.ahead, before.owners) == (True, ["nobody"])
    assert jobs.start(ask, "ada").status in ("waiting", "running")
    (wish,) = turns.read_book().wishes
    assert (wish.pid, wish.ahead, wish.owners) == (before.pid, False, ["nobody", "ada"])
    assert workers(ask.key) == {str(wish.pid)}


def test_what_was_begun_ahead_ends_when_anybody_asks_for_something_else(somebody_stands_by):
    """Another knob of the same reader, or another reader's press; while one of these runs, nothing begins ahead."""
    first, second, third = (comparison(seed, 20_000) for seed in (904, 905, 906))
    jobs.begin_ahead(first)
    jobs.begin_ahead(second)
    assert [wish.key for wish in turns.read_book().wishes] == [second.key]
    assert not workers(first.key)
    assert jobs.state_of(first.key).status == "none"
    jobs.start(third, "ada")
    (wish,) = turns.read_book().wishes
    assert (wish.key, wish.ahead) == (third.key, False)
    assert not workers(second.key)
    jobs.begin_ahead(second)
    assert [wish.key for wish in turns.read_book().wishes] == [third.key]


def test_nothing_begins_ahead_where_no_process_stands_by():
    """A process that starts from nothing would take as long as the answer."""
    ask = comparison(907, 20_000)
    jobs.begin_ahead(ask)
    assert turns.read_book().wishes == []
    assert jobs.state_of(ask.key).status == "none"


def test_what_was_begun_ahead_is_none_of_the_runs_that_a_reader_may_have(somebody_stands_by, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_OF_ONE", 1)
    jobs.begin_ahead(comparison(908, 20_000))
    assert jobs.start(comparison(909, 20_000), "nobody").status in ("waiting", "running")
    assert jobs.start(comparison(910, 20_000), "nobody").status == "refused"


def test_whoever_does_not_own_a_run_cannot_stop_it(no_process):
    """Showing the same ask is not enough."""
    jobs.start(comparison(1), "anna")
    assert not jobs.stop(comparison(1).key, "boris")
    assert len(no_process) == 1


def test_a_run_ends_when_its_last_reader_is_gone_and_a_study_goes_on(no_process, monkeypatch):
    """Closing the page is leaving; a study goes on until somebody who looks at it stops it."""
    study = Ask("sweep", Case("trading"), ("siloed",), 2, 5)
    jobs.start(comparison(1), "anna")
    jobs.start(comparison(1), "boris")
    jobs.start(study, "anna")
    monkeypatch.setattr(readers, "gone", lambda name: name == "anna")
    jobs.look_after()
    assert jobs.state_of(comparison(1).key).owners == ("boris",)
    assert len(no_process) == 2
    monkeypatch.setattr(readers, "gone", lambda name: True)
    jobs.look_after()
    assert [wish.kind for wish in turns.read_book().wishes] == ["sweep"]
    jobs.watch(study.key, "clara")
    assert jobs.stop(study.key, "clara")
    assert not no_process


def test_a_reader_is_gone_after_a_while_only(monkeypatch):
    """A reload, or a server that was started anew, takes nobody's run away."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    assert not readers.gone("somebody of an earlier server")
    now[0] += readers.GRACE
    assert not readers.gone("somebody of an earlier server")
    now[0] += 1
    assert readers.gone("somebody of an earlier server")


# --- turns and limits ---


def test_a_reader_with_a_hundred_runs_leaves_the_others_served(no_process):
    """Six are taken, each other reader is let in, and has a turn after one of theirs."""
    said = [jobs.start(comparison(seed), "greedy") for seed in range(100)]
    assert [state.status for state in said].count("refused") == 100 - jobs.MOST_OF_ONE == 94
    assert str(said[-1].sentence).startswith("6 simulations of yours run or wait already")
    assert [state.before for state in said[:6]] == [0, 1, 2, 3, 4, 5]
    others = [jobs.start(comparison(200 + k), f"other-{k}") for k in range(3)]
    assert [state.status for state in others] == ["waiting"] * 3
    assert [state.before for state in others] == [1, 2, 3]
    order = serve(no_process)
    wanted = [0, 200, 201, 202, 1, 2, 3, 4, 5]
    assert order == [comparison(seed).key for seed in wanted]


def test_readers_have_their_turns_one_after_the_other(no_process):
    """Two readers with three runs each: by turns, not first come first served."""
    for first, name in ((0, "anna"), (10, "boris")):
        for k in range(3):
            jobs.start(comparison(first + k), name)
    assert serve(no_process) == [comparison(seed).key for seed in (0, 10, 1, 11, 2, 12)]


def test_a_long_study_lets_others_have_their_turn(no_process, monkeypatch):
    """Hours of one reader do not wait on another's minutes: it goes on afterwards."""
    study, bridge = (Ask(kind, Case("trading"), ("siloed",), 2, 5) for kind in ("sweep", "bridge"))
    jobs.start(study, "anna")
    jobs.start(bridge, "boris")
    assert jobs.state_of(bridge.key).before == 1
    monkeypatch.setattr(jobs, "TURN", -1.0)
    jobs.advance()
    assert turns.read_book().find(jobs._place(bridge.key)).pid
    assert jobs.state_of(study.key).status == "waiting"
    no_process.clear()
    jobs.advance()
    assert turns.read_book().find(jobs._place(study.key)).pid


def test_all_together_have_a_limit_too(no_process, monkeypatch):
    """A hundred readers, and no more lines in the book."""
    monkeypatch.setattr(jobs, "MOST_WAITING", 3)
    said = [jobs.start(comparison(k), f"reader-{k}").status for k in range(5)]
    assert said == ["waiting"] * 3 + ["refused"] * 2
    jobs.stop_all("reader-0")
    assert jobs.start(comparison(9), "reader-9").status == "waiting"


def test_a_browser_is_marked_once():
    """Its tabs are one reader; a mark that we did not make counts for nothing."""
    made = readers.cookie([]).decode()
    assert "HttpOnly" in made
    assert "SameSite=Strict" in made
    mark = made.split(";")[0].encode()
    assert readers.cookie([(b"cookie", b"a=b; " + mark)]) is None
    assert readers.cookie([(b"cookie", b"sop-reader=../../x")])


# --- what is kept ---


def test_what_is_beyond_a_quota_goes_the_oldest_first(tmp_path):
    """By number, by size, by age; never what is in work or was just used."""
    old = time.time() - 10 * keeping.SECONDS_A_DAY
    for k in range(6):
        (tmp_path / f"{k}.toml").write_bytes(b"x" * 100)
        os.utime(tmp_path / f"{k}.toml", (old + k, old + k))
    keeping.hold_to_quota(tmp_path, keeping.Quota(5, 1e6, 60))
    assert names_in(tmp_path) == ["1.toml", "2.toml", "3.toml", "4.toml", "5.toml"]
    keeping.hold_to_quota(tmp_path, keeping.Quota(5, 350, 60), busy=["1.toml"])
    assert names_in(tmp_path) == ["1.toml", "3.toml", "4.toml", "5.toml"]
    keeping.note_use(tmp_path / "4.toml")
    keeping.hold_to_quota(tmp_path, keeping.Quota(5, 1e6, 9), busy=["1.toml"])
    assert names_in(tmp_path) == ["1.toml", "4.toml"]


def names_in(folder):
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_the_log_and_answers_of_older_engines_are_cleaned(monkeypatch):
    """Two files of log at most; what is in work stays."""
    HOME.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(keeping, "MOST_LOG", 10)
    (HOME / "log.txt").write_text("x" * 11)
    assert not keeping.log().exists()
    assert (HOME / "log-before.txt").read_text() == "x" * 11
    for name in ("older", "busy"):
        (HOME / name / "answer").mkdir(parents=True)
    keeping.clean(HOME / "mine", ["busy/answer"])
    assert not (HOME / "older").exists()
    assert (HOME / "busy" / "answer").exists()
    keeping.clean(HOME / "mine", [])


HOSTILE = {
    "entries": b"".join(b"k%d=1\n" % k for k in range(100_000)),
    "lists": b"a=[" + b"[]," * 340_000 + b"]",
    "products": b"".join(b"[products.p%d]\nprice=3\nunit_cost=1\n" % k for k in range(2_000)),
    "deep": b"a=" + b"[" * 30_000,
    "digits": b"[products.a]\nprice=1" + b"0" * 400,
    "extends": b"extends='../../../etc/passwd'",
    "control": b"extends='a\\u0000b'",
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("load", [brought, studies.brought])
def test_a_refused_file_is_refused_soon_and_leaves_nothing(what, load, monkeypatch):
    """One sentence, a fraction of a second, and no file."""
    monkeypatch.setattr(readers, "may_bring", lambda name: True)
    before, began = kept_files(), time.process_time()
    with pytest.raises(ScenarioError) as problem:
        load(HOSTILE[what])
    assert time.process_time() - began < 0.6
    assert kept_files() == before
    assert str(HOME) not in str(problem.value)


def kept_files():
    """Every file that readers brought."""
    return sorted(path for name in ("scenarios", "studies") for path in (HOME / name).glob("*"))


@pytest.mark.parametrize("extends", ["", "extends = 'giftware'\n"])
def test_a_loaded_scenario_reads_no_other_readers_file(extends):
    """Neither by its own entry, nor by a changed one, nor by what a study varies."""
    (HOME / "scenarios").mkdir(parents=True, exist_ok=True)
    (HOME / "scenarios" / "0123456789ab.toml").write_text(LINES)
    words = f"{extends}[demand.history]\nfile = '0123456789ab.toml'\n".encode()
    with pytest.raises(ScenarioError, match="order lines; on the page these can only be those of a company") as problem:
        brought(words)
    for base in ("giftware", "trading"):
        with pytest.raises(ScenarioError, match="order lines; on the page"):
            case.scenario_of(Case(base, (("demand.history.file", '"0123456789ab.toml"'),)))
        with pytest.raises(ScenarioError, match="order lines; on the page"):
            case.scenario_of(Case(base, (("demand.history", '{"file": "0123456789ab.toml"}'),)))
    assert "SECRETWORD" not in str(problem.value)
    factor = {"entry": "demand.history.file", "values": ["0123456789ab.toml", "giftware/orders.csv"]}
    with pytest.raises(ScenarioError, match="cannot be varied on the page"):
        studies.asked(Case("giftware"), studies.OWN, {"policies": ["sop"], "factors": [factor], "replications": 2})


def test_a_reader_loads_no_more_files_than_others_have_room_for(monkeypatch):
    """Thirty within the hour; then a sentence."""
    monkeypatch.setattr(readers, "_brought", readers.defaultdict(list))
    assert [readers.may_bring("anna") for _ in range(31)] == [True] * 30 + [False]
    assert readers.may_bring("boris")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (f"{HOME}/scenarios/ab12.toml: column invoice is missing", "ab12.toml: column invoice is missing"),
        ("there is no file /srv/of others/a.csv", "there is no file of others/a.csv"),
        ("see C:\\Users\\me\\x.toml.", "see x.toml."),
        ("EBIT in GBP/year and 1/2 of 'giftware/orders.csv'", "EBIT in GBP/year and 1/2 of 'giftware/orders.csv'"),
    ],
    ids=["kept here", "another folder", "Windows", "no path"],
)
def test_messages_name_files_without_their_folders(told, shown):
    """No path of this machine reaches a reader."""
    assert names_only(told) == shown
