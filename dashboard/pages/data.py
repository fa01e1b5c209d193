"""Your data: bring tables as they are, see how they were understood, correct it, and use the company that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st

from dashboard import controls, own_data
from dashboard.controls import say, tell
from dashboard.look import header
from dashboard.words import as_it_stands
from simulator.company.intake.mapping import Wishes
from simulator.company.intake.roles import HEAD_WORDS, role_of
from simulator.faces.report.template import TEMPLATE_SHEETS
from simulator.kernel.messages import Message, capital
from simulator.kernel.units import ScenarioError

T = TypeVar("T")

KINDS_OF_ROW = {
    "": "told from the dates",
    "line": "order lines",
    "day": "totals by day",
    "week": "totals by week",
    "month": "totals by month",
}

TITLES = {column.role: column.head for _, _, columns in TEMPLATE_SHEETS.values() for column in columns}
"""Meanings of columns, as the workbook to fill in calls them."""

MEANINGS_ACROSS = 4
"""Columns of a table beside each other, each with the choice of its meaning."""

RED = "background-color: #F4B6B6; color: #111111"

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def main() -> None:
    """Bring, look, correct, use."""
    header(say("Your data"), say("From a spreadsheet or an export to your own company."))
    before = company_to_add_to()
    files, asked = bring(before)
    if not files:
        st.info(say("Nothing is brought yet. What you bring stays on this server and is seen by nobody else."))
        return
    if st.session_state.get("own asked") != asked:
        st.session_state["own asked"], st.session_state["own meanings"] = asked, {}
        st.session_state["own name"] = before.name if before else Path(files[0][0]).stem[:60]
    name = st.text_input(say("Name of the company"), key="own name", max_chars=60).strip() or say("Your data")
    wishes = corrections()
    try:
        with st.spinner(say("Reading ...")):
            kept = f"{asked} {wishes} {name}"
            read = once("own read", kept, lambda: own_data.read_tables(files, wishes, name, before))
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        heads = once("own heads", asked, lambda: own_data.heads_in(files))
        if heads:
            st.markdown(f"**{say('Meaning of each column')}**")
        said = st.session_state["own meanings"]
        choose_meanings([(head, said.get(head, role_of(head)), "") for head in heads], "heads")
        return
    shown(read, own_data.Kept(name, [*(before.files if before else []), *files], read.mapping))


def company_to_add_to() -> own_data.Kept | None:
    """Offer the companies of this session, to which a further month can be added."""
    books: dict[str, own_data.Kept] = st.session_state.get("own books", {})
    if not books:
        return None
    options = ["", *books]
    chosen = st.selectbox(
        say("These files are"),
        options,
        key="own before",
        format_func=lambda base: (
            say("a further month of {company}", company=books[base].name) if base else say("a new company")
        ),
        help=say("A further month is read as the files before it; of its rows those count that come after them."),
    )
    return books.get(chosen or "")


def bring(before: own_data.Kept | None) -> tuple[list[tuple[str, bytes]], str]:
    """Ask for files or a pasted range, and return them with what distinguishes them from others."""
    st.markdown(
        say(
            "Drop an export of orders or sales, or a sheet of totals, as it is: CSV of any kind, Excel, OpenDocument or Parquet. "
            "Needed are a product, a date and a quantity in each row, or a product and a column for each month, week or day. A "
            "list of products with prices, costs, lead times and stock may come with it."
        )
    )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        dropped = st.file_uploader(
            say("Files"),
            type=list(own_data.TABLE_ENDINGS),
            accept_multiple_files=True,
            key="own tables",
            max_upload_size=8,
        )
    with right:
        st.download_button(
            say("Workbook to fill in"),
            own_data.template_bytes(controls.language()),
            "items.xlsx",
            WORKBOOK_TYPE,
            icon=":material/table_view:",
            width="stretch",
        )
    with st.expander(say("Or paste a range"), icon=":material/content_paste:"):
        pasted = st.text_area(
            say("A range copied from a spreadsheet, with its heads"), key="own pasted", max_chars=2_000_000, height=160
        )
    files = [(file.name, file.getvalue()) for file in dropped or []]
    asked = ",".join(file.file_id for file in dropped or [])
    if pasted and pasted.strip():
        files.append((own_data.pasted_name(pasted), pasted.encode()))
        asked += f" {hash(pasted)}"
    return files, f"{asked} {st.session_state.get('own before', '') if before else ''}"


def once(name: str, asked: str, answer: Callable[[], T]) -> T:
    """Work out once for this reader what is asked again at every click."""
    if st.session_state.get(name, ("", None))[0] != asked:
        st.session_state[name] = (asked, answer())
    found: T = st.session_state[name][1]
    return found


def corrections() -> Wishes:
    """Ask for what may have been told wrongly of the rows; meanings of columns are chosen at their tables."""
    with st.expander(say("Correct how it is read"), icon=":material/tune:"):
        first, second, third = st.columns(3)
        bucket = first.selectbox(
            say("A row is"), list(KINDS_OF_ROW), key="own bucket", format_func=lambda name: say(KINDS_OF_ROW[name])
        )
        last = second.date_input(say("Last day of the history"), value=None, key="own last day")
        mark = third.text_input(say("Cancelling order numbers begin with"), key="own mark", max_chars=10)
        drop = st.toggle(say("Drop rows that repeat another in every column"), key="own drop")
    return own_data.wishes_of(
        st.session_state.get("own meanings", {}),
        bucket=bucket or "",
        as_of=last.isoformat() if isinstance(last, dt.date) else "",
        cancelled=mark.strip(),
        equal_lines="drop" if drop else "keep",
    )


def shown(read: own_data.ReadTables, kept: own_data.Kept) -> None:
    """Show how it was understood, table by table, the remarks and what is assumed; then use it."""
    use, take = st.columns([1, 1])
    if use.button(say("Use this company"), type="primary", icon=":material/check:", width="stretch"):
        take_over(read, kept)
    take.download_button(
        say("Take the folder away"),
        read.folder,
        "company.zip",
        "application/zip",
        icon=":material/download:",
        width="stretch",
    )
    st.markdown(f"**{say('How it was understood')}**")
    st.markdown(listed(read.understood))
    for place, table in enumerate(read.tables):
        show_table(table, place)
    st.markdown(f"**{say('Demand as it is taken')}**")
    st.dataframe(read.preview, hide_index=True, width="stretch")
    st.markdown(f"**{say('Rows')}**")
    st.markdown(listed([*read.counts, *read.remarks]))
    if len(read.listed):
        with st.expander(say("All remarks"), icon=":material/rule:"):
            st.dataframe(read.listed, hide_index=True, width="stretch")
    if read.assumed:
        st.markdown(f"**{say('Assumed')}**")
        st.markdown(listed(read.assumed))


def show_table(table: own_data.ReadTable, place: int) -> None:
    """One table as it stands in its file, cells with remarks in red, and the choice of what each column means."""
    red = int(table.red.to_numpy().sum())
    st.markdown(f"**{as_it_stands(table.where)}**")
    if red:
        st.caption(say("Red cells have a remark; rows with one stand below the first rows."))
    colours = table.red.map(lambda wrong: RED if wrong else "")
    styled: Any = table.rows.style.apply(lambda _: colours, axis=None)
    st.dataframe(styled, hide_index=True, width="stretch")
    with st.expander(say("Meaning of each column"), icon=":material/view_column:"):
        choose_meanings(table.columns, str(place))


def choose_meanings(columns: Sequence[tuple[str, str, str]], table: str) -> None:
    """A choice for each column: what it means, or nothing; what is changed here is read anew."""
    options = ["", *HEAD_WORDS]
    for first in range(0, len(columns), MEANINGS_ACROSS):
        for place, (head, role, sample) in zip(
            st.columns(MEANINGS_ACROSS), columns[first : first + MEANINGS_ACROSS], strict=False
        ):
            key = f"own meaning {table} {head} {role}"
            place.selectbox(
                as_it_stands(head),
                options,
                index=options.index(role) if role in options else 0,
                key=key,
                format_func=meaning,
                help=as_it_stands(sample[:200]) or None,
                on_change=note_meaning,
                args=(head, key),
            )


def meaning(role: str) -> str:
    """A role of a column as it is called."""
    return tell(capital(TITLES[role])) if role in TITLES else say(role) if role else say("nothing")


def note_meaning(head: str, key: str) -> None:
    """Keep what the reader chose for a column; another column gives up that meaning."""
    chosen, role = dict(st.session_state.get("own meanings", {})), st.session_state[key]
    chosen = {other: its for other, its in chosen.items() if its != role or not role}
    st.session_state["own meanings"] = {**chosen, head: role}


def listed(lines: Sequence[Message]) -> str:
    """Sentences as a list."""
    return "\n".join(f"- {as_it_stands(tell(capital(line)))}" for line in lines)


def take_over(read: own_data.ReadTables, kept: own_data.Kept) -> None:
    """Make it the company on all pages, and keep its files for this session, so that a month can be added."""
    try:
        case = own_data.use(read)
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        return
    state = st.session_state
    books: dict[str, own_data.Kept] = {**state.get("own books", {}), case.base: kept}
    while len(books) > 1 and sum(len(c) for book in books.values() for _, c in book.files) > own_data.MOST_KEPT_BYTES:
        books.pop(next(iter(books)))
    state["own books"] = books
    state["own companies"] = list(dict.fromkeys([case.base, *state.get("own companies", [])]))
    controls.forget_changes()
    state["next company"] = case.base
    st.switch_page("pages/compare.py")


main()
