"""Your data: bring tables as they are, see how they were understood, correct it, and use the company that they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from dashboard import controls, own_data
from dashboard.controls import say, tell
from dashboard.look import header
from dashboard.words import as_it_stands
from simulator.company.intake.mapping import Wishes
from simulator.kernel.messages import Message, capital
from simulator.kernel.units import ScenarioError

T = TypeVar("T")

COLUMNS_ASKED = {"product": "Product", "date": "Date", "quantity": "Quantity"}

KINDS_OF_ROW = {
    "": "told from the dates",
    "line": "order lines",
    "day": "totals by day",
    "week": "totals by week",
    "month": "totals by month",
}

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def main() -> None:
    """Bring, look, correct, use."""
    header(say("Your data"), say("From a spreadsheet or an export to your own company."))
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
    if not dropped:
        st.info(say("Nothing is brought yet. What you bring stays on this server and is seen by nobody else."))
        return
    files = [(file.name, file.getvalue()) for file in dropped]
    asked = ",".join(file.file_id for file in dropped)
    wishes = corrections(files, asked)
    try:
        with st.spinner(say("Reading ...")):
            read = once("own read", f"{asked} {wishes}", lambda: own_data.read_tables(files, wishes, say("Your data")))
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        return
    shown(read)


def once(name: str, asked: str, answer: Callable[[], T]) -> T:
    """Work out once for this reader what is asked again at every click."""
    if st.session_state.get(name, ("", None))[0] != asked:
        st.session_state[name] = (asked, answer())
    found: T = st.session_state[name][1]
    return found


def corrections(files: list[tuple[str, bytes]], asked: str) -> Wishes:
    """Ask for what may have been told wrongly."""
    with st.expander(say("Correct how it is read"), icon=":material/tune:"):
        heads = ["", *once("own heads", asked, lambda: own_data.heads_in(files))]
        columns = {}
        for place, (role, title) in zip(st.columns(3), COLUMNS_ASKED.items(), strict=True):
            columns[role] = place.selectbox(
                say(title),
                heads,
                key=f"own column {role}",
                format_func=lambda head: as_it_stands(head) if head else say("as told"),
            )
        first, second, third = st.columns(3)
        bucket = first.selectbox(
            say("A row is"), list(KINDS_OF_ROW), key="own bucket", format_func=lambda name: say(KINDS_OF_ROW[name])
        )
        last = second.date_input(say("Last day of the history"), value=None, key="own last day")
        mark = third.text_input(say("Cancelling order numbers begin with"), key="own mark", max_chars=10)
        drop = st.toggle(say("Drop rows that repeat another in every column"), key="own drop")
    return own_data.wishes_of(
        columns,
        bucket=bucket or "",
        as_of=last.isoformat() if isinstance(last, dt.date) else "",
        cancelled=mark.strip(),
        equal_lines="drop" if drop else "keep",
    )


def shown(read: own_data.ReadTables) -> None:
    """Show how it was understood, the first rows, the remarks and what is assumed; then use it."""
    use, take = st.columns([1, 1])
    if use.button(say("Use this company"), type="primary", icon=":material/check:", width="stretch"):
        take_over(read)
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
    st.dataframe(read.preview, hide_index=True, width="stretch")
    st.markdown(f"**{say('Rows')}**")
    st.markdown(listed([*read.counts, *read.remarks]))
    if len(read.listed):
        with st.expander(say("All remarks"), icon=":material/rule:"):
            st.dataframe(read.listed, hide_index=True, width="stretch")
    if read.assumed:
        st.markdown(f"**{say('Assumed')}**")
        st.markdown(listed(read.assumed))


def listed(lines: Sequence[Message]) -> str:
    """Sentences as a list."""
    return "\n".join(f"- {as_it_stands(tell(capital(line)))}" for line in lines)


def take_over(read: own_data.ReadTables) -> None:
    """Make it the company on all pages."""
    try:
        case = own_data.use(read)
    except ScenarioError as problem:
        st.error(as_it_stands(controls.wrong(problem)), icon=":material/error:")
        return
    controls.forget_changes()
    st.session_state["next company"] = case.base
    st.switch_page("pages/compare.py")


main()
