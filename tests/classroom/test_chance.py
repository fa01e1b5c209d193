"""A team that plays by chance, on many lucks: it takes minutes."""

import pytest

from simulator.classroom.lesson import as_words, lesson_of, read_lesson
from simulator.classroom.robots import play
from simulator.classroom.scoring import class_scores

LUCKS, AT_LEAST = 100, 95


def below_silo(replication):
    """Tell if a team that plays the long lesson by chance scores less than the fair silo on the same luck."""
    words = {**as_words(read_lesson("siloed-against-sop")), "replication": replication}
    by_name = {score.name: score for score in class_scores(play(lesson_of(words, "chance"), "random"))}
    return by_name["random"].total < by_name["siloed"].total


@pytest.mark.slow
def test_a_robot_that_plays_by_chance_is_below_the_silo():
    assert sum(map(below_silo, range(LUCKS))) >= AT_LEAST
