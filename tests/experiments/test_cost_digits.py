"""What work will cost, with digits worked by hand: plays, replications, cores, bytes."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from simulator.studies import cost as costing
from simulator.studies.cost import Cost, Work, cost, cost_of_known_answers, options_from, timed, workers_for


@dataclass(frozen=True)
class Months:
    """The experiment of a company, as long as wanted."""

    months: int
    warm_up: int = 6

    def model_copy(self, update):
        """The same with other months."""
        return Months(**{"months": self.months, "warm_up": self.warm_up, **update})


@dataclass(frozen=True)
class Company:
    """A scenario of 30 days a month."""

    experiment: Months
    company: None = None
    network: None = None

    @property
    def days(self):
        """Days of experiment and warm-up."""
        return SimpleNamespace(count=30 * (self.experiment.months + self.experiment.warm_up))


class Told:
    """A rule that solves a linear program, or does not."""

    def __init__(self, note):
        self.note = note

    def cost_note(self, network, months):
        """What is said of its programs."""
        return self.note if months == 1 else None


@pytest.fixture
def machine(monkeypatch):
    """Ten lanes of 1 MB fit at once; books of 1,000 figures a day; four cores; a clock that a test sets."""
    clock = SimpleNamespace(times=[])
    monkeypatch.setattr(costing, "lanes_at_once", lambda scenario: 10)
    monkeypatch.setattr(costing, "bytes_a_lane", lambda scenario: 1_000_000)
    monkeypatch.setattr(costing, "figures_a_day", lambda company, network: 1_000)
    monkeypatch.setattr(costing, "Rule", Told)
    monkeypatch.setattr(costing.os, "cpu_count", lambda: 4)
    monkeypatch.setattr(costing, "perf_counter", lambda: clock.times.pop(0) if clock.times else 0.0)
    return clock


@pytest.mark.parametrize(
    ("replications", "seconds"),
    [(10, 2 * (1 * 3.0 + 10 * 0.5)), (11, 2 * (2 * 3.0 + 11 * 0.5)), (25, 2 * (3 * 3.0 + 25 * 0.5))],
)
@pytest.mark.usefixtures("machine")
def test_every_ten_replications_are_a_play_and_all_of_it_is_done_twice(replications, seconds):
    """3 s a play and half a second a replication: 16 s, 23 s, 43 s."""
    assert Work(None, None, replications, 2.0).seconds(3.0, 0.5) == seconds


@pytest.mark.usefixtures("machine")
def test_the_rule_of_thumb_counts_days_figures_and_programs():
    """90 days of 1.2 ms, 4 x 90 x 1,000 figures of 40 ns, 4 x 3 months of two programs of 2 ms: 0.108 + 0.0144 + 0.048 s."""
    work = Work(
        Company(Months(3, 0)), [("a", Told("solves")), ("b", Told(None)), ("c", "no rule"), ("d", Told("too"))], 4
    )
    assert work.roughly == pytest.approx(0.108 + 0.0144 + 0.048)


def test_options_cost_a_common_past_and_the_months_that_each_goes_on_for(monkeypatch):
    """Four options from the 14th of 24 months: 13 months once, then 11 months each; in futures 6 of them, from a past in five lanes."""
    monkeypatch.setattr(costing, "replace", lambda case, experiment: Company(experiment))

    def told(month, ahead):
        works = options_from(Company(Months(24, 12)), "sop", month, 4, 200, ahead)
        return [(work.scenario.experiment.months, work.replications, work.times) for work in works]

    assert told(13, None) == [(13, 200, 1.0), (11, 200, 4)]
    assert told(13, 6) == [(13, 5, 1.0), (6, 200, 4)]
    assert told(13, 40) == [(13, 5, 1.0), (11, 200, 4)]
    assert told(0, 6) == [(6, 200, 4)]


@pytest.mark.parametrize(("replications", "lanes"), [(1, 2), (4, 4), (10, 10), (25, 10)])
@pytest.mark.usefixtures("machine")
def test_memory_is_that_of_a_process_and_of_one_block(replications, lanes):
    """150 MB, and 1.5 MB a lane of 1 MB: two lanes at least, and no more than fit at once."""
    assert Work(None, None, replications).memory == 150e6 + lanes * 1.5e6


def work(roughly, memory=1.0, name=""):
    """Work that takes what it is timed at, ten times."""
    return SimpleNamespace(
        roughly=roughly, memory=memory, scenario=name, policy=name, seconds=lambda fixed, each: fixed + 10 * each
    )


@pytest.mark.parametrize(
    ("roughly", "workers", "seconds"),
    [(19.9, 1, None), (20.0, 1, 20.0), (39.9, 2, None), (40.0, 2, 20.0), (79.9, None, None), (80.0, None, 20.0),
     (79.9, 9, None), (80.0, 9, 20.0), (80.0, 0, 20.0), (20.0, -3, 20.0), (119.9, 1, 119.9), (479.6, None, 119.9)],
)  # fmt: skip
@pytest.mark.usefixtures("machine")
def test_a_cost_is_told_by_rule_of_thumb_from_twenty_seconds_a_core_on(monkeypatch, roughly, workers, seconds):
    """Of the cores that are asked for and there, four at most; nothing is timed, and no sign given that it were."""
    told = []
    monkeypatch.setattr(costing, "timed", lambda *_: told.append("timed"))
    found = cost([work(roughly)], workers, lambda: told.append("before"))
    assert (found and found.seconds) == (seconds and pytest.approx(seconds))
    assert told == []


@pytest.mark.parametrize(
    ("roughly", "workers", "cores"), [(120.0, 1, 1), (240.0, 2, 2), (480.0, None, 4), (480.0, 9, 4), (480.0, 0, 4)]
)
@pytest.mark.usefixtures("machine")
def test_a_cost_is_timed_from_two_minutes_a_core_on(monkeypatch, roughly, workers, cores):
    """Of the cores that are asked for and there; 2 + 10 x 0.4 = 6 s of work are shared, memory is that of each core."""
    told = []
    monkeypatch.setattr(costing, "timed", lambda *_: (2.0, 0.4))
    assert cost([work(roughly, 7.0)], workers, lambda: told.append("before")) == Cost(6.0 / cores, cores * 7.0)
    assert told == ["before"]


def test_a_cost_adds_works_and_takes_the_largest_memory(machine, monkeypatch):
    """6 s each of two works, the larger of 7 and 5 bytes; their thumbs add to the 120 s from which on they are timed."""
    monkeypatch.setattr(costing, "timed", lambda *_: (2.0, 0.4))
    assert cost([work(60.0, 7.0), work(60.0, 5.0)]) == Cost(12.0, 7.0)


def test_past_the_patience_works_cost_what_the_dearest_did(machine, monkeypatch):
    """The largest are timed first: (1, 0.1) and (3, 0.2); at 6 s the third is taken at the dearer: 2 + 5 + 5 s."""
    paces = {"large": (1.0, 0.1), "middle": (3.0, 0.2), "small": (100.0, 0.0)}
    asked = []
    monkeypatch.setattr(costing, "timed", lambda name, _: asked.append(name) or paces[name])
    machine.times = [50.0, 50.0, 55.9, 56.0]
    works = [work(1.0, name="small"), work(90.0, name="large"), work(40.0, name="middle")]
    assert cost(works).seconds == pytest.approx(2.0 + 5.0 + 5.0)
    assert asked == ["large", "middle"]


@pytest.mark.parametrize(
    ("months", "warm_up", "few", "more", "fixed", "each"),
    [
        (6, 0, [9.0, 3.0], 8.0, 2.0, 0.5),  # (8 - 3) / 10 a lane, 3 - 2 x 0.5 at all
        (12, 0, [3.0, 3.0], 8.0, 4.0, 1.0),  # twice the six months that are timed
        (6, 6, [3.0, 3.0], 8.0, 4.0, 1.0),  # the warm-up is drawn out to, not timed
        (3, 0, [3.0, 3.0], 8.0, 2.0, 0.5),
        (6, 0, [3.0, 3.0], 2.0, 3.0, 0.0),  # no lane takes less than nothing
        (6, 0, [1.0, 1.0], 16.0, 0.0, 1.5),  # nor does a play
    ],
)
def test_two_short_plays_tell_what_a_play_and_a_lane_take(monkeypatch, months, warm_up, few, more, fixed, each):
    """Of 2 replications, the quicker of two, and of 12; drawn out to all days."""
    found, lengths = {2: [*few], 12: [more]}, []
    monkeypatch.setattr(costing, "_seconds", lambda s, _, lanes: lengths.append(s.days.count) or found[lanes].pop(0))
    assert timed(Company(Months(months, warm_up)), None) == pytest.approx((fixed, each))
    assert lengths == [30 * min(months, 6)] * 3


@pytest.mark.parametrize(
    ("asked", "thumbs", "workers"), [(None, [1.9, 2.0], 1), (None, [2.0, 2.0], 4), (2, [0.1], 2), (1, [99.0], 1)]
)
@pytest.mark.usefixtures("machine")
def test_work_is_shared_from_four_seconds_on_or_as_asked(asked, thumbs, workers):
    """All four cores where it pays; who names workers has them."""
    assert workers_for([work(roughly) for roughly in thumbs], asked) == workers


def test_known_answers_cost_four_times_a_dozen_replications_each(monkeypatch):
    """3 x 4 x (2 + 12 x 0.5) = 96 s and 150 + 400 MB; formulas alone cost nothing but the process."""
    monkeypatch.setattr(costing, "load", lambda name: SimpleNamespace(policy=lambda name: None))
    monkeypatch.setattr(costing, "timed", lambda *_: (2.0, 0.5))
    assert cost_of_known_answers(3) == Cost(96.0, 550e6)
    assert cost_of_known_answers(1) == Cost(32.0, 550e6)
    assert cost_of_known_answers(0) == Cost(0.0, 150e6)
