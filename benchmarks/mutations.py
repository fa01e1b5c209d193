"""Words that nobody would type and programs do: scenarios, policies, studies and arguments, changed by bytes and by grammar."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.ours import ROOT

SCENARIOS = [
    *sorted((ROOT / "scenarios" / "textbook").glob("*.toml")),
    *(ROOT / "scenarios" / f"{name}.toml" for name in ("trading", "switchgear-two-sources", "giftware-launch")),
]
POLICIES = sorted((ROOT / "simulator" / "planning" / "presets").glob("*.toml"))
STUDIES = sorted((ROOT / "scenarios" / "studies").glob("*.toml"))

NUMBERS = (
    "0", "-1", "1", "2", "0.5", "-0.5", "1e-9", "1e-300", "5e-324", "1e6", "1e9", "1e15", "1e16", "1e18", "1e308",
    "-1e308", "1e999", "inf", "-inf", "nan", "9" * 20, "9" * 400, "9" * 5_000, "0x10", "1_000", "true", "365", "3650",
    "3651", "32768", "100000", "2147483648", "9223372036854775807", "9223372036854775808", "0.1" + "0" * 300 + "1",
)  # fmt: skip
TEXTS = (
    '""', '" "', '"a\\u0000b"', '"a\\nb"', '"\\u001b[31mred"', '"../../etc/passwd"', '"/dev/zero"', f'"{"x" * 5_000}"',
    '"\\u202eabc"', "'12.5MM'", '"a\\"b"', '"巧克力"', '"\\U0001F36B"', '"policy"', '"point"', '"mean"', '"none"', '"sop"',
    '"fill_rate"', '"giftware"', '"textbook/w1"', '"bad.toml"', '"products.choc.price"', "'products.\"a.b\".price'",
    '"a..b"', '"a[0].b"', '"experiment.seed"', '"policy.name"', '"2024-01-01"', '"\\ufeff"', '"=1+1"', '"x.toml"',
)  # fmt: skip
OTHERS = (
    "[]", "[1]", "[[]]", "{}", "{ a = 1 }", '{ law = "constant", mean = 1e6 }', '{ law = "lognormal", mean = 1e-9, sd = 1e9 }',
    '{ law = "gamma", mean = 1e-12, sd = 1e15 }', '{ law = "empirical", values = [] }', '{ law = "empirical", values = [1e15] }',
    "0001-01-01", "1600-02-29", "9999-12-31", "2024-01-01", "2024-01-01T00:00:00Z", "12:00:00", '["a", "a"]',
    f"[{', '.join(['1'] * 2_000)}]", f"{'[' * 60}{']' * 60}", f"{'[' * 3_000}{']' * 3_000}", '{ rule = "none" }',
    '{ rule = "order-up-to", days = 7 }', '{ rule = "min-max", minimum = { x = 1 }, maximum = { x = 2 } }',
    '{ rule = "listed", units = { x = 500 } }', '["giftware", "giftware"]', '["giftware", "switchgear"]',
)  # fmt: skip
NAMES = (
    "price", "x", '""', '"a.b"', '"a\\u0000b"', '"a b"', "note", "name", "rule", "extends", "kind", "products", "policies",
    "experiment.seed", "a.a.a", "巧克力", "x" * 300, ".".join(["a"] * 100), ".".join(["a"] * 4_000), "demand.everyday",
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"\x85", b"\xe2\x80\xa8", b"\r", b"\n",
    b"[", b"]", b"{", b"}", b'"', b"'''", b'"""', b"\\", b"#", b"=", b".", b"\xed\xa0\x80", b"\xf0\x9f\x8d\xab",
)  # fmt: skip

ENDS = ("0", "7", "x", "²", "-1", "[0]", "", '"a.b"')

LINE = re.compile(r"^(\s*)([^\s=#\[][^=]*?)\s*=\s*(.+)$")
NUMBER = re.compile(r"(?<![\w\"'.-])-?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?![\w\"'-])")
TEXT = re.compile(r"\"[^\"\n]*\"")


def value(luck: Random) -> str:
    """A value of any type."""
    return luck.choice(luck.choice((NUMBERS, TEXTS, OTHERS)))


def _some(luck: Random, text: str, pattern: re.Pattern[str], new: str) -> str:
    """The text with one thing of a kind replaced."""
    found = list(pattern.finditer(text))
    if not found:
        return text
    there = luck.choice(found)
    return text[: there.start()] + new + text[there.end() :]


def number(luck: Random, text: str) -> str:
    """Another number."""
    return _some(luck, text, NUMBER, luck.choice(NUMBERS))


def words(luck: Random, text: str) -> str:
    """Another text; as often one that stands elsewhere in the file."""
    elsewhere = TEXT.findall(text)
    return _some(luck, text, TEXT, luck.choice(elsewhere if elsewhere and luck.random() < 0.5 else TEXTS))


def line(luck: Random, text: str) -> str:
    """A line that is gone, twice there, moved, given another value or another name."""
    lines = text.splitlines()
    k = luck.randrange(max(1, len(lines)))
    found = LINE.match(lines[k]) if lines else None
    deed = luck.randrange(6)
    if deed == 0 or not lines:
        return "\n".join(lines[:k] + lines[k + 1 :])
    if deed == 1:
        lines.insert(luck.randrange(len(lines) + 1), lines[k])
    elif deed == 2:
        lines.insert(luck.randrange(len(lines)), lines.pop(k))
    elif deed == 3:
        lines.insert(k, f"{luck.choice(NAMES)} = {value(luck)}")
    elif found and deed == 4:
        lines[k] = f"{found[1]}{found[2]} = {value(luck)}"
    elif found:
        lines[k] = f"{found[1]}{luck.choice(NAMES)} = {found[3]}"
    return "\n".join(lines)


def head(luck: Random, text: str) -> str:
    """A line before everything else: what it extends, a key that nobody knows."""
    names = ("giftware", "textbook/w1", "bad", "bad.toml", "nothing", "a\\u0000b", "x" * 5_000, "../bad", "")
    bases = ", ".join(f'"{luck.choice(names)}"' for _ in range(luck.choice((1, 2, 3, 3_000))))
    return (
        luck.choice(
            (f"extends = [{bases}]", f'extends = "{luck.choice(names)}"', f"{luck.choice(NAMES)} = {value(luck)}")
        )
        + f"\n{text}"
    )


TEXT_DEEDS: tuple[Callable[[Random, str], str], ...] = (number, number, number, words, words, line, line, line, head)


def mutated(luck: Random, text: str) -> bytes:
    """A file with a few things changed: now and then its bytes, or the code that it is written in."""
    for _ in range(luck.choice((1, 1, 1, 2, 3))):
        text = luck.choice(TEXT_DEEDS)(luck, text)
    content = text.encode(luck.choice(("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-16-be", "latin-1")), "replace")
    for _ in range(luck.choice((0,) * 9 + (1, 1, 3))):
        at, deed = luck.randrange(len(content) + 1), luck.randrange(4)
        piece = luck.choice(BYTES) if deed < 2 else content[at : at + luck.randrange(1, 200)] if deed == 2 else b""
        content = content[:at] + piece + content[at + luck.randrange(3) :]
    return content


def shipped(luck: Random, files: list[Path]) -> str:
    """The text of a file that comes with the product."""
    return luck.choice(files).read_text(encoding="utf-8")


def entry(luck: Random, text: str) -> str:
    """The dotted name of an entry of a file, or of none."""
    table, names = "", ["experiment.months", "products", "demand.everyday.0.daily.mean", "policy.safety_stock.z"]
    for each in text.splitlines():
        if each.startswith("["):
            table = each.strip("[] ")
        elif found := LINE.match(each):
            names.append(f"{table}.{found[2]}" if table else found[2])
    name = luck.choice(names)
    deed = luck.randrange(10)
    if deed == 0:
        return luck.choice(NAMES)
    if deed == 1:
        return f"{name}.{luck.choice(ENDS)}"
    if deed == 2:
        keys = name.split(".")
        keys[luck.randrange(len(keys))] = luck.choice(NAMES)
        return ".".join(keys)
    return name


def setting(luck: Random, text: str) -> str:
    """An argument of --set."""
    plain = f"{entry(luck, text)}={value(luck)}"
    return luck.choice((plain,) * 8 + (plain.replace("=", "", 1), f"={plain}", plain + "\x00", "\udcff" + plain))


def factor(luck: Random, text: str) -> str:
    """An argument of --factor."""
    ends = ":".join(luck.choice(NUMBERS) for _ in range(luck.choice((1, 2, 2, 2, 3))))
    return f"{entry(luck, text)}={luck.choice((ends, value(luck), ''))}"
