"""Bugs of the kinds that people write into planning rules, made from the code itself."""

import ast
import zlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SWAPPED_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
SWAPPED_CALLS = {
    "minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min", "floor": "ceil", "ceil": "floor",
    "any": "all", "all": "any", "argmin": "argmax", "argmax": "argmin", "sum": "max", "mean": "max",
}  # fmt: skip
IDENTITIES = {"abs", "rint", "sqrt", "cumsum", "round"}
"""Functions of one number that a bug leaves out."""

TEXTS = (ast.JoinedStr, ast.List, ast.Tuple, ast.Dict)
"""Operands that are no numbers: swapping their operator only makes Python complain."""

UNTOUCHED = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)
"""Messages, invariants and imports decide nothing."""

DECLARATIONS = {"quantity", "Field", "entry", "money", "share"}
"""Calls that state unit, meaning and bounds of an entry: held by the tests of bad input."""


@dataclass(frozen=True)
class Bug:
    """One change of one expression, addressed by file, function and expression."""

    file: str
    function: str
    line: int
    span: tuple[int, int]
    old: str
    new: str
    nth: int = 0
    on_import: bool = False  # the line runs when its file is imported, by whichever test comes first

    @cached_property
    def name(self):
        """Address the bug by what it changes, so that moved lines keep it."""
        again = f" (place {self.nth + 1})" if self.nth else ""
        return f"{self.function}: {_one_line(self.old)} -> {_one_line(self.new)}{again}"

    def planted(self, text):
        """Put the bug into the text of its file."""
        return text[: self.span[0]] + self.new + text[self.span[1] :]


def bugs_in(path):
    """Make every bug of a file."""
    text = path.read_text(encoding="utf-8")
    finder = _Finder(str(path.relative_to(ROOT)), text)
    finder.visit(ast.parse(text))
    return finder.numbered()


def sample(bugs, size, seed):
    """Draw bugs by the checksum of their names: a change of one function moves the draw of no other."""
    return sorted(
        sorted(bugs, key=lambda bug: zlib.crc32(f"{seed} {bug.name}".encode()))[:size], key=lambda bug: bug.name
    )


class _Finder(ast.NodeVisitor):
    """Walk a file and note what could be wrong in it."""

    def __init__(self, file, text):
        self.file, self.text, self.scope, self.found, self.called = file, text, [], [], 0
        self.module = file.removeprefix("simulator/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        lines = text.splitlines(keepends=True)
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line))
        self.lines = lines

    def numbered(self):
        """Tell apart bugs of one function that read alike."""
        seen, answer = {}, []
        for bug in self.found:
            key = (bug.function, bug.old, bug.new)
            nth = seen[key] = seen.get(key, -1) + 1
            answer.append(replace(bug, nth=nth))
        return answer

    def _offset(self, line, column):
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def _span(self, node):
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _note(self, node, new):
        """Write down a bug in place of a node."""
        span = self._span(node)
        old = self.text[slice(*span)]
        written = new if isinstance(new, str) else ast.unparse(new)
        function = ".".join([self.module, *self.scope])
        if isinstance(node, ast.expr):
            written = f"({written})"
        if ast.unparse(ast.parse(written)) != ast.unparse(ast.parse(f"({old})" if isinstance(node, ast.expr) else old)):
            self.found.append(Bug(self.file, function, node.lineno, span, old, written, on_import=not self.called))

    # The grammar of what is looked at

    def visit(self, node):
        """Leave out messages, imports, annotations and branches for the type checker."""
        if isinstance(node, UNTOUCHED) or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            return
        super().visit(node)

    def visit_ClassDef(self, node):
        self._named(node)

    def visit_FunctionDef(self, node):
        self._named(node)

    def _named(self, node):
        self.scope.append(node.name)
        for default in (
            [] if isinstance(node, ast.ClassDef) else [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        ):
            self.visit(default)
        self.called += isinstance(node, ast.FunctionDef)
        for statement in node.body:
            self.visit(statement)
        self.called -= isinstance(node, ast.FunctionDef)
        self.scope.pop()

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_Expr(self, node):
        """Leave out a step: a call whose answer nobody takes."""
        if isinstance(node.value, ast.Call):
            self._note(node, "pass")
            self.generic_visit(node)

    def visit_AugAssign(self, node):
        if type(node.op) in SWAPPED_OPERATORS:
            self._note(node, ast.AugAssign(node.target, SWAPPED_OPERATORS[type(node.op)](), node.value))
        self.generic_visit(node)

    def visit_BinOp(self, node):
        """Swap the operator; leave out one term."""
        sides = (node.left, node.right)
        if not any(isinstance(side, TEXTS) or _is_text(side) for side in sides):
            if type(node.op) in SWAPPED_OPERATORS:
                self._note(node, ast.BinOp(node.left, SWAPPED_OPERATORS[type(node.op)](), node.right))
            if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
                self._note(node, node.left)
            if isinstance(node.op, ast.Add | ast.Mult):
                self._note(node, node.right)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        self._note(node, ast.BoolOp(SWAPPED_OPERATORS[type(node.op)](), node.values))
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.Not | ast.USub | ast.Invert) and not isinstance(node.operand, ast.Constant):
            self._note(node, node.operand)
        self.generic_visit(node)

    def visit_Compare(self, node):
        operator = SWAPPED_OPERATORS.get(type(node.ops[0]))
        if len(node.ops) == 1 and operator and not any(_is_text(side) for side in (node.left, *node.comparators)):
            self._note(node, ast.Compare(node.left, [operator()], node.comparators))
        self.generic_visit(node)

    def visit_IfExp(self, node):
        if isinstance(node.body, TEXTS) or _is_text(node.body) or _is_text(node.orelse):
            return
        self._note(node, ast.IfExp(node.test, node.orelse, node.body))
        self.generic_visit(node)

    def visit_Constant(self, node):
        """Count one more, or reckon with twice as much."""
        if isinstance(node.value, bool):
            self._note(node, ast.Constant(not node.value))
        elif isinstance(node.value, int):
            self._note(node, ast.Constant(node.value + 1))
        elif isinstance(node.value, float):
            self._note(node, ast.Constant(node.value * 2 or 1.0))

    def visit_Attribute(self, node):
        """Leave alone what only gives its shape: that of the next row is the same."""
        if node.attr != "shape":
            self.generic_visit(node)

    def visit_keyword(self, node):
        """Leave axes and types of numbers alone, another one only makes NumPy complain; a strict zip is an invariant."""
        if node.arg not in ("axis", "dtype", "strict"):
            self.generic_visit(node)

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in DECLARATIONS:
            return
        self._swapped_call(node, name)
        if name in IDENTITIES and len(node.args) == 1 and not node.keywords:
            self._note(node, node.args[0])
        if name == "where" and len(node.args) == 3:
            test, yes, no = node.args
            self._note(node, ast.Call(node.func, [test, no, yes], node.keywords))
        self.generic_visit(node)

    def _swapped_call(self, node, name):
        """Take the opposite function: the least for the most."""
        if name not in SWAPPED_CALLS:
            return
        other = SWAPPED_CALLS[name]
        if isinstance(node.func, ast.Attribute):
            function = ast.Attribute(node.func.value, other, ast.Load())
        elif name == "sum":
            return  # the most of a generator may be a text
        else:
            function = ast.Name(other, ast.Load())
        self._note(node, ast.Call(function, node.args, node.keywords))


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _one_line(text):
    return " ".join(text.split())
