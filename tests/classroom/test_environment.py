"""A lesson as an environment: doing nothing is the recommendation, and every action lies within the limits."""

import numpy as np
import pytest

from simulator.classroom.environment import LessonEnv
from simulator.classroom.scoring import class_scores
from tests.classroom.conftest import WORDS


@pytest.fixture
def lesson_file(tmp_path):
    """The small lesson in a file."""
    path = tmp_path / "small.toml"
    rows = [f"{name} = {value!r}" for name, value in WORDS.items() if name != "overrides"]
    path.write_text("\n".join(rows) + "\n[overrides]\n'experiment.history' = 19\n", encoding="utf-8")
    return path


def test_a_program_plays_round_by_round(lesson_file):
    environment = LessonEnv(lesson_file, level=2)
    observation, info = environment.reset()
    many = len(environment.decisions)
    assert observation.shape == (3 * many,)
    usual, low, high = observation.reshape(3, many)
    assert np.all(low <= usual)
    assert np.all(usual <= high)
    assert info["seen"]["round"] == 1
    _, reward, is_over, _, info = environment.step(np.ones(many))
    assert (reward, is_over, info["seen"]["round"]) == (0.0, False, 2)
    first = environment.game.state.teams["program"].committed[1].values
    k = environment.decisions.index("overtime:line+0")
    assert first["overtime:line"] == high[k]
    _, reward, is_over, _, _ = environment.step(np.zeros(many))
    assert is_over
    assert reward != 0
    assert environment.game.state.teams["program"].committed[2].values == {}
    environment.close()


@pytest.mark.slow
def test_doing_nothing_scores_as_the_policy_and_another_seed_is_other_luck(lesson_file):
    environment = LessonEnv(lesson_file, level=1, rounds=1)
    many = len(environment.decisions)
    rewards = []
    for seed in (0, 0, 3):
        environment.reset(seed=seed)
        rewards.append(environment.step(np.zeros(many))[1])
    assert rewards[0] == rewards[1] != rewards[2]
    by_name = {score.name: score for score in class_scores(environment.game)}
    assert by_name["program"].measures == by_name["sop"].measures
    environment.close()
