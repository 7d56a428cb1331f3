"""The mutation run of ``make mutation``: small faults are put into the code, and the tests must notice them.

``mutation.py --sample N PART`` runs one part, without a name all of them in turn, each in a process of its
own. What a part mutates, and by which tests it is judged, is set in ``pyproject.toml``. With ``--sample N`` a
part tries N of its mutants, drawn with a fixed seed, so that all parts together end in an evening; without it
every mutant, and a part takes up to 90 minutes on 2 cores. ``--seed`` draws others: what was mended after one
sample is judged by another.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

LEAST_KILLED = 0.90


def main() -> None:
    """Run the parts that are named, and fail where one is too little noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--sample", type=int, default=0, help="mutants of a part that are tried; 0: all of them"
    )
    parser.add_argument("--seed", type=int, help="of the mutants that are drawn; N unless another is given")
    parser.add_argument("parts", nargs="*")
    asked = parser.parse_args()
    seed = asked.sample if asked.seed is None else asked.seed
    tables = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    parts = tables["tool"]["uncertainty"]["mutation"]
    if len(asked.parts) == 1:
        [part] = asked.parts
        sys.exit(mutate(part, asked.sample, seed, **parts[part]) < LEAST_KILLED)
    sample = ["--sample", str(asked.sample), "--seed", str(seed)]
    codes = [
        subprocess.run([sys.executable, __file__, *sample, part], check=False).returncode
        for part in asked.parts or parts
    ]
    sys.exit(max(codes))


def mutate(part: str, sample: int, seed: int, mutated: list[str], tests: list[str]) -> float:
    """Run one part, and return the share of its mutants that the tests noticed."""
    # each call passes through one that chooses the mutant, which makes deep calls three times as deep
    sys.setrecursionlimit(10_000)
    from mutmut import configuration
    from mutmut.__main__ import cli
    from mutmut.runners.harness import BadTestExecutionCommandsException, PytestRunner
    from mutmut.stats import status_by_exit_code

    test = PytestRunner.run_tests

    def test_anew(runner: PytestRunner, **asked: Any) -> int:
        forget()
        try:
            return test(runner, **asked)
        except BadTestExecutionCommandsException:
            # what fails at import has been noticed
            return 1

    PytestRunner.run_tests = test_anew
    # mutmut's own patterns reach into folders, and its file knows no parts
    files = sorted(path.as_posix() for pattern in mutated for path in Path().glob(pattern))
    share_what_is_kept(files)
    leave_checks()
    shutil.rmtree("mutants", ignore_errors=True)
    configuration._config = replace(
        configuration.config(), only_mutate=files, pytest_add_cli_args_test_selection=tests
    )
    tried = drawn(sample, seed) if sample else []
    cli(["run", *tried], standalone_mode=False)
    codes = exit_codes()
    found = [status_by_exit_code[codes[name]] for name in tried or codes]
    noticed = sum(status in ("killed", "timeout") for status in found)
    print(f"{part}: {noticed} of {len(found)} mutants were noticed: {noticed / len(found):.1%}", flush=True)
    return noticed / len(found)


def forget() -> None:
    """Have the project's modules imported anew: a value kept from the run without a fault would hide one."""
    mutated = str(Path("mutants").absolute())
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(mutated):
            del sys.modules[name]


def forget_results(files: list[str]) -> None:
    """Have functions of these modules that keep what they return compute it anew."""
    for file in files:
        module = sys.modules.get(file.removesuffix(".py").replace("/", "."))
        for each in [] if module is None else vars(module).values():
            if isinstance(each, type(cache(forget))):
                each.cache_clear()


def share_what_is_kept(files: list[str]) -> None:
    """Have a test judge what its fixtures call, its modules when they are imported, and what files keep.

    All of it happens once, in the first test that needs it, which need not be one that would notice a fault.
    """
    import mutmut.mutation.trampoline as trampoline
    import pytest
    from mutmut.runners.harness import PytestRunner
    from mutmut.state import state

    by_fixture: dict[Any, set[str]] = {}
    at_import: set[str] = set()
    record, execute = trampoline.record_trampoline_hit, PytestRunner.execute_pytest

    def record_import(name: str, **more: Any) -> None:
        if name not in state()._stats and is_importing():
            at_import.add(name)
        record(name, **more)

    class Sharing:
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_setup(self) -> None:
            forget_results(files)

        @pytest.hookimpl(wrapper=True)
        def pytest_fixture_setup(self, fixturedef: Any) -> Any:
            before = set(state()._stats)
            state()._stats.clear()
            try:
                return (yield)
            finally:
                by_fixture[fixturedef] = set(state()._stats)
                state()._stats.update(before)

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_teardown(self, item: Any) -> None:
            for each in item.fixturenames:
                for fixture in item._fixtureinfo.name2fixturedefs.get(each, ()):
                    state()._stats.update(by_fixture.get(fixture, ()))

        def pytest_sessionfinish(self) -> None:
            found = state().tests_by_mangled_function_name
            for name in at_import & found.keys():
                module = name.rpartition(".")[0]
                for other in list(found):
                    if other.rpartition(".")[0] == module:
                        found[name] |= found[other]

    def execute_sharing(runner: PytestRunner, params: list[str], **asked: Any) -> int:
        # what gathers nothing has no plugins
        if plugins := asked.pop("plugins", ()):
            asked["plugins"] = [*plugins, Sharing()]
        return execute(runner, params, **asked)

    trampoline.record_trampoline_hit = record_import
    PytestRunner.execute_pytest = execute_sharing


def is_importing() -> bool:
    """Tell whether a module of the project is being imported."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        # an annotation that is evaluated passes for a module, and has no name
        module = frame.f_globals.get("__name__", "")
        if frame.f_code.co_name == "<module>" and module.startswith("uncertainty"):
            return True
    return False


def leave_checks() -> None:
    """Leave what no result can tell of: the type in a ``cast``, and the ``strict`` of a ``zip``."""
    import libcst as cst
    from mutmut.mutation.file_mutation import MutationVisitor

    left: set[cst.Arg] = set()
    create, skips = MutationVisitor._create_mutations, MutationVisitor._skip_node_and_children

    def checks(call: cst.Call) -> list[cst.Arg]:
        if isinstance(call.func, cst.Name) and call.func.value == "cast":
            return [call.args[0]]
        return [each for each in call.args if each.keyword is not None and each.keyword.value == "strict"]

    def create_others(visitor: MutationVisitor, node: cst.CSTNode) -> None:
        before = len(visitor.mutations)
        create(visitor, node)
        if isinstance(node, cst.Call):
            left.update(checks(node))
            made = visitor.mutations[before:]
            visitor.mutations[before:] = [each for each in made if checks(each.mutated_node) == checks(node)]

    def skip_checks(visitor: MutationVisitor, node: cst.CSTNode) -> bool:
        return node in left or skips(visitor, node)

    MutationVisitor._create_mutations = create_others
    MutationVisitor._skip_node_and_children = skip_checks


def drawn(sample: int, seed: int) -> list[str]:
    """Return the names of some of the mutants, the same ones each time, after making them all."""
    import mutmut.__main__ as mutmut

    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir()
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.create_mutants(1)
    names = sorted(exit_codes())
    return random.Random(seed).sample(names, min(sample, len(names)))


def exit_codes() -> dict[str, int | None]:
    """Return what the tests ended with, by the mutant."""
    metas = (json.loads(path.read_text(encoding="utf-8")) for path in Path("mutants").rglob("*.meta"))
    return {name: code for meta in metas for name, code in meta["exit_code_by_key"].items()}


if __name__ == "__main__":
    main()
