"""A small lesson on the company of the laws, and a log in a folder of its own."""

import pytest

from simulator.classroom.game import Game
from simulator.classroom.lesson import lesson_of
from simulator.classroom.log import GameLog
from tests.laws.tight import PATH

WORDS = {
    "title": "Tight",
    "scenario": str(PATH),
    "overrides": {"experiment.history": 19},
    "first_month": 7,
    "rounds": 2,
    "settle": 1,
    "level": 3,
    "seed": 5,
}


@pytest.fixture
def words():
    """The words of the small lesson."""
    return dict(WORDS)


@pytest.fixture
def lesson():
    """The small lesson."""
    return lesson_of(dict(WORDS), "tight")


@pytest.fixture
def clock():
    """A clock that stands until it is moved."""
    return [1000.0]


@pytest.fixture
def log(tmp_path, clock):
    """A log that reads the clock."""
    found = GameLog(tmp_path / "games.db", lambda: clock[0])
    yield found
    found.close()


@pytest.fixture
def game(log, lesson):
    """A game of two teams."""
    return Game.create(log, lesson, [("Red", 4), ("Blue", 2)])
