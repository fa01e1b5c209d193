"""The reader's choices: kept for the session, checked, and written into the link so that they can be shared."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, cast

import streamlit as st

from dashboard.case import MOST_CHANGES, REFERENCE, Case, scenario_of
from dashboard.speech import T, language, say, wrong
from dashboard.speech import own_name as own_name
from dashboard.speech import tell as tell
from dashboard.words import HTML, as_it_stands
from simulator.company.entries import usual
from simulator.company.toml import json_text
from simulator.engine.scenario import preset_names
from simulator.kernel.messages import LANGUAGES
from simulator.kernel.units import ScenarioError
from simulator.results.elements import elements

LONGEST_LINK = 6_000
Reader = Callable[[str], Any]


def begin_language() -> None:
    """Speak the language of a new link; at first that of the browser, so that the menu is in it before anything is chosen."""
    state, wanted = st.session_state, st.query_params.get("lang")
    if wanted in LANGUAGES and state.get("written lang") != wanted:
        state["language"] = wanted
    elif "language" not in state:
        state["language"] = browsers_language()


def browsers_language() -> str:
    """The language that the browser asks for, as far as we speak it."""
    return "zh" if str(st.context.locale or "en").lower().startswith("zh") else "en"


def choose_language() -> None:
    """The choice of language, from the link, else from the browser; the page says which language it speaks."""
    first = st.session_state.setdefault("first language", browsers_language())
    chosen = remembered("lang", first, one_of(LANGUAGES))
    st.session_state["language"] = chosen
    label = say("Language")
    choose = lambda: st.selectbox(label, list(LANGUAGES), format_func=LANGUAGES.get, key="lang")  # noqa: E731
    st.session_state["language"] = drawn("lang", choose)
    code = HTML[language()]
    st.html(f"<script>document.documentElement.lang = '{code}'</script>", unsafe_allow_javascript=True)


# --- what a link says ---


def one_of(options: Sequence[str] | dict[str, Any]) -> Reader:
    """Read one of several codes."""

    def read(text: str) -> str:
        if text not in options:
            raise ValueError(say("allowed are {options}", options=", ".join(options)))
        return text

    return read


def some_of(options: Sequence[str], least: int = 0, most: int = 99) -> Reader:
    """Read several codes, separated by commas."""

    def read(text: str) -> list[str]:
        chosen = list(dict.fromkeys(part for part in text.split(",") if part))
        for part in chosen:
            one_of(options)(part)
        if not least <= len(chosen) <= most:
            raise ValueError(say("it must name {least} to {most}", least=least, most=most))
        return chosen

    return read


def between(least: float, most: float, kind: type[int] | type[float] = int) -> Reader:
    """Read a number within bounds."""

    def read(text: str) -> float:
        value = as_number(text, kind)
        if not least <= value <= most:
            raise ValueError(say("it must be from {least} to {most}", least=bound_text(least), most=bound_text(most)))
        return value

    return read


def as_number(text: str, kind: type[int] | type[float]) -> float:
    """A number as links hold it: digits, or 1e3; whole where it must be."""
    try:
        return kind(text)
    except ValueError:
        pass
    try:
        wide = float(text)
    except ValueError:
        raise ValueError(say("it must be a number")) from None
    if not wide.is_integer():
        raise ValueError(say("it must be a whole number"))
    return int(wide)


def bound_text(number: float) -> str:
    """A bound as one writes it."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.15g}"


def remembered(key: str, default: T, read: Reader) -> T:
    """Read a choice from the link where that says something new, else as it was, and put it where the widget looks."""
    state, raw = st.session_state, st.query_params.get(key)
    written, kept = f"written {key}", f"kept {key}"
    new = raw != state.get(written) and not (raw is None and state.get("moved"))
    if new or (kept not in state and raw is not None):
        state[kept] = default
        if raw is not None:
            try:
                state[kept] = read(raw[:LONGEST_LINK])
            except (ValueError, RecursionError) as problem:
                notice(
                    say(
                        "The link says {key} = {value}, which was ignored: {why}.", key=key, value=raw[:60], why=problem
                    )
                )
        state[key] = state[kept]
    elif key not in state or state[key] is None:  # an input that is empty, or was not drawn to its end
        state[key] = state[kept] if state.get(kept) is not None else default
    try:
        read(as_text(state[key]))
    except (ValueError, RecursionError) as problem:
        state[key] = _before(key, default, read, problem)
    state[f"default {key}"] = default
    state[kept] = state[key]
    return state[key]


def _before(key: str, default: T, read: Reader, problem: Exception) -> T:
    """Return a choice as it was before a wrong entry, or the usual one where another company has other options."""
    state = st.session_state
    if f"kept {key}" not in state:
        return default
    try:
        read(as_text(state[f"kept {key}"]))
    except (ValueError, RecursionError):
        return default
    state[f"wrong {key}"] = say("{value} was not taken: {why}.", value=as_text(state[key])[:60], why=problem)
    return cast(T, state[f"kept {key}"])


def drawn(key: str, widget: Callable[[], T]) -> T:
    """Draw the widget of a choice, and write what it says into the link; say what could not be taken."""
    value = widget()
    if f"wrong {key}" in st.session_state:
        st.error(as_it_stands(st.session_state.pop(f"wrong {key}")), icon=":material/error:")
    keep_choice(key, value)
    return value


def number_input(
    key: str, label: str, usual: T, least: float, most: float, words: str | None = None, step: int = 1
) -> T:
    """A number to be typed; one beyond its bounds is refused in a sentence."""
    kind = type(usual)
    remembered(key, usual, between(least, most, float if kind is float else int))
    steps = {} if kind is float else {"step": step}
    return cast(T, drawn(key, lambda: st.number_input(label, key=key, help=words, **steps)))


def keep_choice(key: str, value: Any) -> None:
    """Write a choice into the link, unless it is the usual one; nothing is no choice, and leaves the one before."""
    if value is None:
        return
    state = st.session_state
    state[f"kept {key}"] = value
    text = None if value == state.get(f"default {key}") else as_text(value)
    if text != st.query_params.get(key):
        if text is None:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = text
    state[f"written {key}"] = text


def set_to(key: str, value: Any) -> None:
    """Change a choice from code: before its widget is drawn, as in a callback."""
    st.session_state[key] = st.session_state[f"kept {key}"] = value


def begin_anew(*names: str) -> None:
    """Forget choices before their widgets are drawn: they open with what is usual now."""
    for key in names:
        for kept in (key, f"kept {key}"):
            st.session_state.pop(kept, None)
        st.query_params.pop(key, None)
        st.session_state[f"written {key}"] = None


def as_text(value: Any) -> str:
    """A choice as a link holds it."""
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def notice(text: str) -> None:
    """Something to tell the reader at the head of the page."""
    st.session_state.setdefault("notices", []).append(text)


def show_notices() -> None:
    """Show each pending notice once."""
    for text in dict.fromkeys(st.session_state.pop("notices", [])):
        st.warning(as_it_stands(text), icon=":material/link_off:")


# --- the company ---


def read_changes(text: str) -> list[list[str]]:
    """Changed entries from a link: a table of entry and value, as JSON."""
    said = read_json(text)
    if not isinstance(said, dict) or len(said) > MOST_CHANGES:
        raise ValueError(say("it must be a table of at most {most} entries", most=MOST_CHANGES))
    if None in said.values():
        raise ValueError(say("an entry cannot be nothing (null)"))
    return [[usual(entry), json_text(value)] for entry, value in said.items()]


def read_json(text: str) -> Any:
    """Read the JSON in a link."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(say("it is no JSON")) from None


def case() -> Case:
    """The company on the screen, with what was changed of it; the company itself where the changes cannot be."""
    base = st.session_state.get("kept company", REFERENCE)
    changes = tuple((entry, value) for entry, value in st.session_state.get("changes", []))
    found = Case(base, changes)
    try:
        scenario_of(found)
    except ScenarioError as problem:
        notice(say("These changes do not fit the company, so it is shown without them: {why}", why=wrong(problem)))
        st.session_state["changes"] = []
        found = Case(base)
    return found


def adopt_changes() -> None:
    """Take the changed entries from the link where it brings new ones."""
    raw, state = st.query_params.get("set"), st.session_state
    if raw is not None and raw != state.get("written set"):
        try:
            state["changes"] = read_changes(raw[:LONGEST_LINK])
        except (ValueError, RecursionError) as problem:
            notice(
                say("The link says {key} = {value}, which was ignored: {why}.", key="set", value=raw[:60], why=problem)
            )
            state["changes"] = []


def keep_changes(found: Case) -> None:
    """Write the changed entries into the link."""
    text = json.dumps(found.overrides(), ensure_ascii=False, separators=(",", ":")) if found.changes else None
    if text is None:
        st.query_params.pop("set", None)
    elif text != st.query_params.get("set"):
        st.query_params["set"] = text
    st.session_state["written set"] = text


def forget_changes() -> None:
    """Another company begins without changes."""
    st.session_state["changes"] = []
    st.session_state["undone"] = []


# --- policies that were put together on the screen ---


def made_policies() -> list[str]:
    """Policies made of elements, in this session or by the link: siloed+consensus."""
    told = [name for key in ("policies", "policy", "from", "to") for name in st.query_params.get(key, "").split(",")]
    return [name for name in dict.fromkeys([*st.session_state.get("made", []), *told]) if _is_made(name)]


def _is_made(name: str) -> bool:
    base, *parts = name.split("+")
    known = {element.name for element in elements()}
    return bool(parts) and base in preset_names() and set(parts) <= known and len(set(parts)) == len(parts)


def add_policy(name: str) -> None:
    """Let every page offer a policy."""
    state = st.session_state
    state["made"] = [*dict.fromkeys([*state.get("made", []), name])]
