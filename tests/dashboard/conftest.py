"""What tests of pages share."""

import numpy as np
import pytest
import reader  # noqa: F401  (chooses where answers are kept, before anything else does)
from streamlit.runtime.pages_manager import PagesManager

from dashboard import jobs, readers, standing_by, turns


@pytest.fixture(autouse=True)
def _pages_divide_as_they_like():
    """Libraries that draw tables divide by zero knowingly; the arithmetic of the simulator is tested elsewhere."""
    with np.errstate(all="ignore"):
        yield


@pytest.fixture(autouse=True)
def _nothing_stands_by(monkeypatch):
    """No process is kept ready while testing."""
    monkeypatch.setattr(standing_by, "stand_by", lambda ask=None: None)


@pytest.fixture(autouse=True)
def _nobody_has_brought_files():
    """Each test is a reader of its own: what one test loads is not counted against the next one's."""
    readers._brought.clear()


@pytest.fixture(autouse=True)
def _nothing_goes_on():
    """No run outlives the test that began it, or stands in the way of the next one's."""
    yield
    with turns.opened() as book:
        for wish in list(book.wishes):
            jobs._withdraw(book, wish, list(wish.owners))


@pytest.fixture(autouse=True)
def _app_draws_the_frame(monkeypatch):
    """A page is never run by itself, as the server sees to (server.py): app.py draws its frame first."""
    begin = PagesManager.__init__

    def told(self, *args, **options):
        begin(self, *args, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", told)
