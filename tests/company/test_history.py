"""A company's order lines: what of them is demand, what is told of bad files, and the real days again."""

import datetime as dt
import os
from contextlib import contextmanager

import numpy as np
import pytest

from simulator.company import Calendar, Days
from simulator.company.history import read_lines as read_any_lines
from simulator.company.history import replay
from simulator.company.treatment import SEGMENTS, LineRules
from simulator.kernel.units import ScenarioError
from simulator.kernel.watching import watched

HEADER = "invoice,invoiced_at,product,quantity,unit_price,customer"
# First and last working day of January 2020, so that the month is whole.
EDGES = ("1,2020-01-01 09:00,cup,1,2.5,ann", "2,2020-01-31 09:00,cup,1,2.5,ann")
RETAIL = LineRules(bucket="line", equal_lines="drop", cancelled="C", unpriced="drop")
WORKDAYS = Calendar(start=dt.date(2020, 1, 1), working_days=("mon", "tue", "wed", "thu", "fri"))


def read_lines(path, calendar=None, products=None, key_account_units=2_000.0):
    """Lines by the rules of the reference company."""
    return read_any_lines(path, calendar, products, key_account_units, RETAIL)


def add_up(treatment):
    """The counts of the rules and of what is kept."""
    left_out = (treatment.other_products, treatment.duplicates, treatment.unpriced, treatment.returns, treatment.afar)
    return sum(left_out) + treatment.cancelled + treatment.cut + treatment.kept


# ---- Treatment -------------------------------------------------------------------------------------------------------


def test_each_line_read_meets_exactly_one_rule(lines):
    """The counts of the treatment add up to the lines of the real file."""
    done = lines.treatment
    assert done.read == add_up(done) == 40_061
    assert done.duplicates == 1_209
    assert done.kept == len(lines.quantity)
    assert done.units == lines.quantity.sum()
    assert min(done.unpriced, done.returns, done.cancelled, done.cut, done.moved, done.large) > 0
    assert (lines.start, lines.months) == (dt.date(2009, 12, 1), 24)


def test_the_treatment_is_told_in_sentences(write):
    """Each rule that met a line is said with its count, the others are not."""
    lines = read_lines(write(*EDGES, EDGES[1], "3,2020-01-08,cup,1,0,"), WORKDAYS)
    first, *rules, last = map(str, lines.treatment.sentences())
    assert first.endswith("orders.csv: 4 lines read.")
    assert rules == [
        "Left out, repeating another line in every column: 1.",
        "Left out, without a price above zero (they adjust stock, nobody ordered them): 1.",
    ]
    assert last == "Kept as demand: 2 lines of 2 units in 2020-01 to 2020-01."


@pytest.mark.parametrize(
    ("rows", "rule", "count", "units"),
    [
        ([EDGES[0]], "duplicates", 1, 2),
        (["3,2020-01-08,cup,5,0,ann"], "unpriced", 1, 2),
        (["3,2020-01-08,cup,-5,0,"], "unpriced", 1, 2),
        (["C3,2020-01-08,cup,-5,2.5,ann"], "returns", 1, 2),
        (["3,2020-01-08,cup,-5,2.5,ann"], "returns", 1, 2),
        (["3,2020-01-08,pan,5,2.5,ann"], "other_products", 1, 2),
        (["3,2020-02-03,cup,5,2.5,ann"], "cut", 1, 2),
        (["3,2019-12-20,cup,5,2.5,ann"], "cut", 1, 2),
        (["3,2020-01-11,cup,5,2.5,ann"], "moved", 1, 7),
        (["3,2020-01-08,cup,500,2.5,ann"], "large", 1, 502),
    ],
)
def test_each_rule_takes_its_lines(write, rows, rule, count, units):
    """One line more, and it is exactly its rule that counts it."""
    done = read_lines(write(*EDGES, *rows), WORKDAYS, ["cup"]).treatment
    assert getattr(done, rule) == count
    assert done.units == units
    assert add_up(done) == done.read == 3


def test_a_line_of_a_closed_day_counts_on_the_next_working_day(write):
    """Saturday's and a holiday's orders are Monday's and the day after's."""
    calendar = WORKDAYS.model_copy(update={"holidays": (dt.date(2020, 1, 15),)})
    lines = read_lines(write(*EDGES, "3,2020-01-11,cup,5,2.5,ann", "4,2020-01-15,cup,7,2.5,ann"), calendar)
    days = {int(day): units for day, units in enumerate(lines.units_per_day.sum(axis=(1, 2))) if units > 1}
    assert days == {12: 5, 15: 7}
    assert lines.treatment.moved == 2


def test_an_order_sent_back_whole_was_no_demand(write):
    """A cancellation takes the latest order before it of the same customer, product and quantity, once."""
    order, again = "3,2020-01-06 10:00,cup,12,2.5,bob", "4,2020-01-07 10:00,cup,12,2.5,bob"
    late = "5,2020-01-09 10:00,cup,12,2.5,bob"
    back = "C6,2020-01-08 10:00,cup,-12,2.5,bob"
    lines = read_lines(write(*EDGES, back, order, again, late), WORKDAYS)
    assert (lines.treatment.cancelled, lines.treatment.returns) == (1, 1)
    assert [str(date) for date in lines.date[lines.quantity == 12]] == ["2020-01-06", "2020-01-09"]


@pytest.mark.parametrize("back", ["-5,2.5,bob", "-12,2.5,eve", "-12,2.5,"])
def test_a_return_of_something_else_takes_no_order(write, back):
    """Part of an order, somebody else's, or nobody's: the order stays demand."""
    lines = read_lines(write(*EDGES, "3,2020-01-06,cup,12,2.5,bob", f"C6,2020-01-08,cup,{back}"), WORKDAYS)
    assert (lines.treatment.cancelled, lines.treatment.returns, lines.treatment.units) == (0, 1, 14)


def test_unknown_customers_cannot_cancel_each_others_orders(write):
    """Two orders without a customer are of two people."""
    lines = read_lines(write(*EDGES, "3,2020-01-06,cup,12,2.5,", "C4,2020-01-08,cup,-12,2.5,"), WORKDAYS)
    assert lines.treatment.cancelled == 0


def test_segments_follow_from_who_bought_and_how_much(write):
    """More than the limit is a key account, other known customers are retailers, unknown ones walk in."""
    bought = ["8,2.5,big", "3,2.5,big", "10,2.5,even", "99,2.5,"]
    rows = [f"3,2020-01-06,cup,{some}" for some in bought]
    lines = read_lines(write(*EDGES, *rows), WORKDAYS, key_account_units=10)
    who = dict(zip(lines.quantity.tolist(), (SEGMENTS[k] for k in lines.segment), strict=True))
    assert who == {8: "key-accounts", 3: "key-accounts", 10: "retailers", 1: "retailers", 99: "walk-in"}


def test_products_come_in_the_order_asked_for(write):
    """The product axis is the company's, with those of which nothing was sold; else the file's codes sorted."""
    path = write(*EDGES, "3,2020-01-06,pan,4,2.5,bob")
    asked = read_lines(path, WORKDAYS, ["pot", "pan", "cup"])
    assert asked.units_per_day.sum(axis=(0, 1)).tolist() == [0, 4, 2]
    assert read_lines(path, WORKDAYS).products == ("cup", "pan")


def test_a_file_that_stops_within_a_week_of_the_months_end_has_the_month(write):
    """A quiet week is no cut month; a longer gap is."""
    december = "3,2019-12-31,cup,1,2.5,ann"
    for last, months in (("2020-01-24", 2), ("2020-01-23", 1)):
        lines = read_lines(write("1,2019-12-03,cup,1,2.5,ann", december, f"2,{last},cup,1,2.5,ann"), WORKDAYS)
        assert (lines.start, lines.months) == (dt.date(2019, 12, 1), months)


def test_the_fingerprint_tells_other_lines_apart(write):
    """The same lines give the same one; a unit more another."""
    some = read_lines(write(*EDGES), WORKDAYS).fingerprint
    assert some == read_lines(write(*EDGES, EDGES[0]), WORKDAYS).fingerprint
    assert some != read_lines(write(*EDGES, "3,2020-01-06,cup,1,2.5,ann"), WORKDAYS).fingerprint


# ---- Bad files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("3,2020-01-06,cup,few,2.5,ann", "line 4, column quantity is 'few'; it must be a number"),
        ("3,2020-01-06,cup,nan,2.5,ann", "line 4, column quantity is 'nan'; it must be a number"),
        ("3,2020-01-06,cup,1e30,2.5,ann", "line 4, column quantity is '1e30'; it must be a number"),
        ("3,2020-01-06,cup,1,,ann", "line 4, column unit_price is ''; it must be a number"),
        ("3,06.01.2020,cup,1,2.5,ann", "line 4, column invoiced_at is '06.01.2020'; it must be a date such as"),
        ("3,2020-02-30,cup,1,2.5,ann", "line 4, column invoiced_at is '2020-02-30'; it must be a date"),
        ("3,0020-01-06,cup,1,2.5,ann", "column invoiced_at runs from 0020-01-06 to 2020-01-31; at most 50 years"),
        ("3,2020-01-06, ,1,2.5,ann", "line 4, column product is ' '; it must be a product's code"),
        ("3,2020-01-06,cup,1,2.5", "line 4 has 5 entries; give 6"),
        ("3,2020-01-06,cup,1,2.5," + "x" * 200_000, "line 4 is no CSV"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line(write, row, told):
    """One sentence: the file, the line and column, what is there, what is allowed."""
    path = write(*EDGES, row)
    with pytest.raises(ScenarioError) as error:
        read_lines(path, WORKDAYS)
    assert str(error.value).startswith(f"{path}: {told}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "column invoiced_at is missing; the first line must name"),
        (HEADER.encode(), "it holds no order lines; give at least one"),
        (HEADER.replace("quantity", "quantities").encode(), "column quantity is missing (did you mean quantities"),
        ((HEADER + ",customer").encode(), "column customer is there 2 times; keep one"),
        (HEADER.encode() + b"\n1,2020-01-01,caf\xe9,1,1,ann\n", "line 2 is not UTF-8 text; save the file"),
        (HEADER.encode() + b"\n1,2020-01-15,cup,1,1,ann\n", "its orders run from 2020-01-15 to 2020-01-15; give"),
        (HEADER.encode() + b"\n1,2020-01-15,cup,-1,1,ann\n", "it holds no order of the company's products: all of"),
    ],
)
def test_a_file_without_demand_is_told_so(tmp_path, content, told):
    """Nothing to read, not to be read, or nothing of it an order."""
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as error:
        read_lines(path, WORKDAYS)
    assert str(error.value).startswith(f"{path}: {told}")


def test_a_missing_and_a_huge_file_are_told(tmp_path):
    """Neither is opened."""
    with pytest.raises(ScenarioError, match="there is no such file; give the path"):
        read_lines(tmp_path / "none.csv")
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(65_000_000)
    with pytest.raises(ScenarioError, match="it has 65 MB; at most 64 MB are read"):
        read_lines(tmp_path / "huge.csv")


def test_lines_are_read_once_and_again_when_their_file_has_changed(write):
    """By content: another file in its place is another one, and so is another question; nobody may write into what is shared."""
    file = write(*EDGES)
    first = read_lines(file, WORKDAYS)
    assert read_lines(file, WORKDAYS) is first
    assert read_lines(file, WORKDAYS, ["cup"], 0.5) is not first
    assert read_lines(file, WORKDAYS, ["cup"], 0.5).segment.tolist() == [0, 0]
    stamp = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace(",1,2.5", ",7,2.5"), encoding="utf-8")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert read_lines(file, WORKDAYS).quantity.tolist() == [7, 7]
    for shared in (first.quantity, first.units_per_day):
        with pytest.raises(ValueError, match="read-only"):
            shared[...] = 0.0


def test_who_watches_sees_how_far_a_long_file_is(write):
    """Every 50,000 lines of it; a short one is over before anybody looks, and nobody has to watch."""
    seen = []

    @contextmanager
    def watch(about):
        yield lambda done, total: seen.append((str(about), done, total))

    many = [f"{k},2020-01-{1 + k % 31:02d} 09:00,cup,1,2.5,ann" for k in range(120_000)]
    with watched(watch):
        read_lines(write(*EDGES), WORKDAYS)
        assert seen == []
        file = write(*EDGES, *many)
        read_lines(file, WORKDAYS)
    assert [about for about, _, _ in seen] == [f"reading {file.name}"] * 2
    size = len(file.read_text(encoding="utf-8"))
    assert [done / size for _, done, _ in seen] == pytest.approx([50 / 120, 100 / 120], abs=0.02)
    assert {total for _, _, total in seen} == {size}


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    """As spreadsheets save it."""
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([HEADER, *EDGES, ""]).encode())
    assert read_lines(path, WORKDAYS).treatment.kept == 2


# ---- Replay ----------------------------------------------------------------------------------------------------------


def test_a_replay_holds_every_unit_kept_on_a_working_day(company, lines):
    """The real 24 months: all units, and none on a day on which nobody works."""
    units = replay(lines, company.calendar, 24)
    assert units.shape == (730, 3, 17)
    assert units.sum() == lines.treatment.units
    assert units[~Days(company.calendar, 24).working].sum() == 0


def test_a_replay_may_start_later_and_end_sooner(company, lines):
    """Part of the months is a slice of them."""
    later = company.calendar.model_copy(update={"start": dt.date(2010, 3, 1)})
    np.testing.assert_array_equal(replay(lines, later, 2), replay(lines, company.calendar, 24)[90:151])


@pytest.mark.parametrize(("start", "months"), [("2009-12", 25), ("2009-11", 3), ("2011-11", 2)])
def test_a_replay_beyond_the_file_is_refused(company, lines, start, months):
    """The message names what the file holds and what was asked for."""
    calendar = company.calendar.model_copy(update={"start": dt.date.fromisoformat(f"{start}-01")})
    with pytest.raises(ScenarioError, match=f"months are 2009-12 to 2011-11, but {months} months from {start} are"):
        replay(lines, calendar, months)
