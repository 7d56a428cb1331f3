"""Lower modules never import higher ones, and heavy libraries are imported only when they are needed."""

import ast
import importlib.util
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from uncertainty.commands import COMMANDS

PACKAGE = Path(__file__).parent.parent / "uncertainty"

ORDER = [
    "_version",
    "late",
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
    "kept_blocks",
    "compiled",
    "sampling",
    "settings",
    "budgets",
    "emulation",
    "case_statistics",
    "fitting",
    "output_distribution",
    "propagation",
    "over_cases",
    "curve_ends",
    "reproduction",
    "grounds",
    "sensitivity",
    "leading",
    "conclusion",
    "wording",
    "sides",
    "amounts",
    "deciding",
    "near_figures",
    "plain_answers",
    "quotation",
    "passages",
    "readings",
    "calibrated_sentences",
    "standings",
    "alternatives",
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


def module_at(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


house = module_at(PACKAGE.parent / "benchmarks" / "house.py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path):
    """Yield what a module imports when it runs: not what only a type checker sees."""
    tree = parsed(path)
    guarded = [n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    unseen = {id(child) for guard in guarded for child in guard.body}
    for node in ast.walk(tree):
        if id(node) not in unseen and isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "uncertainty":
                yield from (f"uncertainty.{alias.name}" for alias in node.names)
            else:
                yield node.module


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py"
)


@pytest.mark.slow
def test_a_module_imports_only_what_is_below_it():
    above = [
        f"{path.relative_to(PACKAGE)} imports {module}"
        for path in MODULES
        for module in imports(path)
        if module.startswith("uncertainty.")
        and part(module) in ORDER
        and ORDER.index(part(module)) > ORDER.index(path.relative_to(PACKAGE).parts[0].removesuffix(".py"))
    ]
    assert above == []


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


def test_a_command_loads_no_other_and_nothing_for_failures_that_did_not_happen():
    script = (
        "import sys; from uncertainty.commands import main\n"
        "try: main(['check', 'gauge-block'])\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stderr.split()
    others = {f"uncertainty.commands.{name}" for name in COMMANDS if name != "check"}
    assert "uncertainty.commands.check" in loaded
    assert not (others | {"uncertainty.answers", "uncertainty.case_statistics"}) & set(loaded)


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
        for part in parsed(path).body
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
def test_no_two_modules_import_one_another_in_whatever_roundabout_way():
    """Imports that are made for type checking alone count too."""
    names = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in MODULES}
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    arrows = {name: house.imported(parsed(path), {*names}) - {name} for name, path in names.items()}
    assert house.circles(arrows) == []


def test_each_key_of_a_result_stands_in_two_files_at_most():
    """In its record, and where something is made of it that the record does not say itself."""
    keys = [key for each in house.KEYS.values() for key in each]
    found = house.files_with(keys)
    assert {key: found[key] for key in keys if not 1 <= found[key] <= 2} == {}


@pytest.mark.slow
def test_modules_and_functions_fit_in_the_head():
    codes = [house.read(path) for path in MODULES]
    # the schema is one list of keys
    assert {code.name for code in codes if len(code.lines) > 400} <= {"uncertainty.study.schema"}
    assert {name for lines, name in house.functions(codes) if lines > 50} == set()


def test_every_suppression_has_its_reason():
    silenced = re.compile(r"# (?:noqa|type: ignore)(?:: [A-Z0-9, ]+|\[[a-z-]+\])?(?P<reason>.*)$")
    bare = [
        f"{path.relative_to(PACKAGE.parent)}: {line.strip()}"
        for folder in ("uncertainty", "tests", "docs", "benchmarks")
        for path in (PACKAGE.parent / folder).rglob("*.py")
        if "node_modules" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if (found := silenced.search(line)) and len(found["reason"].strip("# -")) < 3
    ]
    assert bare == []
