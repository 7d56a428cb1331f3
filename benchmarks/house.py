"""How large the house is, and how often it says one thing: ``python benchmarks/house.py``.

It reads the package as text and runs none of it. Code lines are those that are not blank, no comment and no
docstring, of Python, JavaScript, styles and templates.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "uncertainty"
OTHER = (".js", ".css", ".html", ".typ", ".j2", ".toml")

KEYS = {
    "Sobol' index": ("S1", "S1_interval", "ST", "ST_interval"),
    "output's distribution": (
        "geometric_sd",
        "interval_error",
        "median_error",
        "probability_at_least_published",
        "probability_at_least_reference",
        "published_percentile",
    ),
    "verdict of a reading": (
        "at_or_beyond_published",
        "beyond_reference",
        "within_factor_2",
        "within_factor_10",
    ),
}
"""By kind of record, the keys that its JSON document has."""

LONGEST = 5
WINDOW = 6
"""Code lines in a row that count as repeated where they stand twice."""


class Code(NamedTuple):
    """One module.

    Parameters
    ----------
    name
        Dotted.
    lines
        Its code lines by their numbers, stripped.
    """

    name: str
    path: Path
    tree: ast.Module
    lines: Mapping[int, str]


def read(path: Path) -> Code:
    """Return a Python module with the lines that are code."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    told = {line for node in ast.walk(tree) for line in _docstring(node)}
    lines = {
        number: line.strip()
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#") and number not in told
    }
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Code(name, path, tree, lines)


def _docstring(node: ast.AST) -> Iterable[int]:
    """Return the lines of texts that stand alone, which are docstrings of something."""
    for child in ast.iter_child_nodes(node):
        value = child.value if isinstance(child, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield from range(child.lineno, (child.end_lineno or child.lineno) + 1)


def import_lines(code: Code) -> set[int]:
    """Return the numbers of the code lines of imports, those for type checkers too."""
    nodes = [node for node in ast.walk(code.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {line for node in nodes for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}


def imported(tree: ast.Module, names: set[str]) -> set[str]:
    """Return the package's modules that one imports, those for type checkers too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE.name):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in names else node.module)
    return found & names


def circles(arrows: Mapping[str, set[str]]) -> list[set[str]]:
    """Return the sets of modules that import one another, in whatever roundabout way."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        left = [start]
        while left:
            for name in arrows[left.pop()] - seen:
                seen.add(name)
                left.append(name)
        return seen

    reach = {name: reached(name) for name in arrows}
    found = {frozenset(other for other in reach[name] if name in reach[other]) for name in arrows}
    return sorted((set(each) for each in found if len(each) > 1), key=len, reverse=True)


def functions(codes: Iterable[Code]) -> Iterator[tuple[int, str]]:
    """Yield the code lines of each function's body, and its name."""
    for code in codes:
        for node in ast.walk(code.tree):
            if isinstance(node, ast.FunctionDef):
                inside = range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
                yield sum(number in code.lines for number in inside), f"{code.name}.{node.name}"


def repeated_lines(codes: Iterable[Code]) -> int:
    """Count the code lines, but for imports, that stand in a run of `WINDOW` which stands elsewhere too."""
    places = defaultdict(list)
    for code in codes:
        imports = import_lines(code)
        numbers = [n for n, line in code.lines.items() if len(line) > 1 and n not in imports]
        for first in range(len(numbers) - WINDOW + 1):
            run = numbers[first : first + WINDOW]
            places[tuple(code.lines[n] for n in run)].append([(code.name, n) for n in run])
    return len({line for runs in places.values() if len(runs) > 1 for run in runs for line in run})


def files_with(words: Iterable[str]) -> Counter[str]:
    """Count for each word the files of the package, of any kind, that a person wrote it into."""
    wanted, found = set(words), Counter[str]()
    for path in PACKAGE.rglob("*"):
        if path.suffix in (".py", *OTHER):
            found.update(wanted.intersection(re.findall(r"\w+", path.read_text(encoding="utf-8"))))
    return found


def by_name(codes: Iterable[Code]) -> int:
    """Count the methods whose work a higher module does, which records find by its name."""
    calls = (node for code in codes for node in ast.walk(code.tree) if isinstance(node, ast.Call))
    return sum(isinstance(call.func, ast.Name) and call.func.id == "by_name" for call in calls)


def main() -> None:
    """Print what there is."""
    codes = [read(path) for path in sorted(PACKAGE.rglob("*.py"))]
    total = sum(len(code.lines) for code in codes)
    others = [path for path in PACKAGE.rglob("*") if path.suffix in OTHER]
    shown = sum(bool(line.strip()) for path in others for line in path.read_text("utf-8").splitlines())
    imports = sum(len(import_lines(code)) for code in codes)
    print(f"modules                     {len(codes):>8,}")
    print(f"code lines, Python          {total:>8,}")
    print(f"code lines, all             {total + shown:>8,}")
    print(f"import lines                {imports:>8,}  {100 * imports / total:.1f} % of Python")
    print(f"lines that stand elsewhere  {repeated_lines(codes):>8,}  in runs of {WINDOW}")
    names = {code.name for code in codes}
    rings = circles({code.name: imported(code.tree, names) - {code.name} for code in codes})
    print(f"circles of modules          {len(rings):>8,}  {', '.join(str(len(ring)) for ring in rings)}")
    sizes = sorted(functions(codes), reverse=True)
    print(f"methods found by name       {by_name(codes):>8,}")
    print(f"median function             {sizes[len(sizes) // 2][0]:>8,}  lines")
    for lines, name in sizes[:LONGEST]:
        print(f"  {lines:>3} {name}")
    rooms = Counter(code.name.split(".")[1] for code in codes for _ in code.lines if "." in code.name)
    print("code lines by room: " + ", ".join(f"{room} {lines:,}" for room, lines in rooms.most_common(12)))
    for kind, keys in KEYS.items():
        found = files_with(keys)
        counts = sorted(((found[key], key) for key in keys), reverse=True)
        ranks = [
            f"{count} files: {', '.join(k for _, k in each)}"
            for count, each in groupby(counts, lambda c: c[0])
        ]
        print(f"keys of a {kind}: {'; '.join(ranks)}")


if __name__ == "__main__":
    main()
