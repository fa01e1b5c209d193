"""Follow names through the project: which functions and classes a run, a rule or a page can come to."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Name = tuple[str, str]
"""A module, and what is defined at its top."""


class Project:
    """All files of ours: what each defines at its top, and where its names come from."""

    def __init__(self):
        self.files = {module_of(p): p for top in ("simulator", "dashboard") for p in sorted((ROOT / top).rglob("*.py"))}
        self.defined, self.bound = {}, {}
        for module, path in self.files.items():
            tree = ast.parse(path.read_bytes())
            self.bound[module] = dict(self.imports(module, path, tree))
            for node in tree.body:
                for name in names_of(node):
                    self.defined[module, name] = node

    def imports(self, module, path, tree) -> Iterator[tuple[str, Name]]:
        """List each name that an import brings, also inside functions, and where it comes from."""
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
                origin = ".".join([*above, *([node.module] if node.module else [])])
                yield from ((alias.asname or alias.name, (origin, alias.name)) for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from ((alias.asname, (alias.name, "")) for alias in node.names if alias.asname)

    def home(self, module, name, tries=9):
        """Find where a name is defined, or ("module", its name) where it is a module; nothing where it is not ours."""
        if (module, name) in self.defined:
            return module, name
        origin, original = self.bound.get(module, {}).get(name, ("", ""))
        inner = f"{origin}.{original}".rstrip(".")
        if inner in self.files:
            return "module", inner
        return self.home(origin, original, tries - 1) if origin in self.files and tries else None

    def used(self, module, node) -> Iterator[Name]:
        """List what a piece of code names."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name):
                found = self.home(module, inner.id)
                if found and found[0] != "module":
                    yield found
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                found = self.home(module, inner.value.id)
                within = self.home(found[1], inner.attr) if found and found[0] == "module" else None
                if within and within[0] != "module":
                    yield within

    def reached(self, roots, without) -> set[Name]:
        """All that is come to from these, without going through a part of the house."""
        seen, ahead = set(), [root for root in roots if not root[0].startswith(without)]
        while ahead:
            here = ahead.pop()
            if here in seen:
                continue
            seen.add(here)
            ahead += [name for name in self.used(here[0], self.defined[here]) if not name[0].startswith(without)]
        return seen


def module_of(path) -> str:
    """Name a file as it is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names_of(node) -> Iterator[str]:
    """List what a statement at the top of a file defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    yield from (target.id for target in targets if isinstance(target, ast.Name))
