"""Lower modules never import higher ones, and heavy libraries are imported only when they are needed."""

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "uncertainty"

ORDER = [
    "_version",
    "characters",
    "records",
    "bounds",
    "disk",
    "errors",
    "values",
    "calls",
    "extras",
    "special",
    "numbers",
    "agreement",
    "files",
    "rounding",
    "nested",
    "results",
    "tables",
    "units",
    "expressions",
    "indices",
    "distributions",
    "study",
    "compiled",
    "sampling",
    "settings",
    "budgets",
    "emulation",
    "case_statistics",
    "fitting",
    "propagation",
    "over_cases",
    "curve_ends",
    "reproduction",
    "grounds",
    "sensitivity",
    "leading",
    "conclusion",
    "readings",
    "alternatives",
    "wording",
    "first_sentences",
    "finding",
    "workbooks",
    "challenges",
    "answers",
    "explorer",
    "pages",
    "commands",
    "__main__",
]
"""From the lowest to the highest; what stands together in one package may import one another."""

HEAVY = {
    "SALib",
    "matplotlib",
    "pint",
    "pydantic",
    "jinja2",
    "dask",
    "pyarrow",
    "openpyxl",
    "pandas",
    "xarray",
    "h5netcdf",
    "numba",
}


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path):
    """Yield what a module imports when it runs: not what only a type checker sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    unseen = {id(child) for guard in guarded for child in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) not in unseen and isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "uncertainty":
                yield from (f"uncertainty.{alias.name}" for alias in node.names)
            else:
                yield node.module


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_is_below_it(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for module in imports(path):
        if module.startswith("uncertainty.") and part(module) in ORDER:
            assert ORDER.index(part(module)) <= ORDER.index(own), f"{own} imports {module}"


def test_every_module_has_its_place():
    found = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert found - {"bundled"} == set(ORDER)


@pytest.mark.parametrize("statement", ["import uncertainty", "from uncertainty.commands import main"])
def test_importing_the_package_or_its_command_line_loads_no_heavy_library(statement):
    script = f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not (HEAVY | {"numpy", "scipy"}) & set(loaded)


@pytest.mark.slow
def test_propagating_loads_neither_salib_nor_matplotlib():
    script = (
        "import sys, uncertainty as un;"
        "un.propagate(un.load_study('gauge-block'), samples=64);"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"SALib", "matplotlib", "pandas"} & set(loaded)


@pytest.mark.slow
def test_what_studies_and_results_hold_can_be_pickled():
    # a proxy of a mapping cannot: it is for tables of constants, and records.Frozen for all else
    offending = [
        path.name
        for path in MODULES
        for part in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(part, ast.FunctionDef | ast.ClassDef)
        for node in ast.walk(ast.Module(part.body, []))
        if isinstance(node, ast.Name) and node.id == "MappingProxyType"
    ]
    assert offending == []


def test_no_two_modules_of_tests_have_the_same_name():
    """They are imported by their names alone: pytest would end before it has run any."""
    names = [path.name for path in Path(__file__).parent.glob("**/*.py") if "node_modules" not in path.parts]
    assert [name for name, count in Counter(names).items() if count > 1] == ["conftest.py"]


@pytest.mark.slow
def test_no_circle_of_imports_goes_through_the_pages_or_the_commands():
    """Those that are made for type checking alone count too."""
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in MODULES}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    arrows = {}
    for name, path in names.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names} & names.keys()
                found |= whole or {node.module} & names.keys()
        arrows[name] = found - {name}
    for start in arrows:
        if start.split(".")[1] not in ("pages", "commands"):
            continue
        seen, left = set(), [start]
        while left:
            new = arrows[left.pop()] - seen
            seen |= new
            left += new
        assert start not in seen, start
