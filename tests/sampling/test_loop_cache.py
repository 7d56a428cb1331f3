"""Compiled loops that were damaged on disk are compiled again, and a disk that takes none costs no run."""

import importlib.util
import itertools

import pytest
from variants import variants

numba = pytest.importorskip("numba")

SOURCE = """
from uncertainty.sampling.fast.loop_cache import cached_loop

@cached_loop(nogil=True)
def double(x):
    return 2 * x
"""

NUMBERS = itertools.count()


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Return a function that imports a module with a loop anew, as another process would, and counts hits."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "doubling.py"
    path.write_text(SOURCE)

    def load():
        spec = importlib.util.spec_from_file_location(f"doubling_{next(NUMBERS)}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found = module.double(21.0)
        return found, sum(module.double.stats.cache_hits.values())

    return load


def cached(tmp_path, ending):
    (found,) = (tmp_path / "cache").rglob(f"*{ending}")
    return found


def test_a_loop_is_compiled_once(loaded):
    assert loaded() == (42, 0)
    assert loaded() == (42, 1)


def flip(content):
    changed = bytearray(content)
    changed[len(changed) // 2] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("ending", [".nbi", ".nbc", ".nbi.sha256", ".nbc.sha256"])
@pytest.mark.parametrize(
    "damage",
    variants(
        [flip, lambda content: content[:20], lambda _: b"", lambda content: b"\\0" * len(content)],
        lambda damage: damage is flip,
    ),
)
def test_a_damaged_cache_is_made_again(loaded, tmp_path, ending, damage):
    loaded()
    path = cached(tmp_path, ending)
    path.write_bytes(damage(path.read_bytes()))
    assert loaded() == (42, 0)
    assert loaded() == (42, 1)


@pytest.mark.slow
def test_a_part_of_the_cache_that_is_gone_is_made_again(loaded, tmp_path):
    for ending in (".nbi", ".nbc", ".nbi.sha256", ".nbc.sha256"):
        loaded()
        cached(tmp_path, ending).unlink()
        assert loaded() == (42, 0)


def test_a_disk_that_takes_no_cache_costs_no_run(loaded, tmp_path, monkeypatch):
    from uncertainty.sampling.fast import loop_cache

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loop_cache.SealedFiles, "_open_for_write", full)
    assert loaded() == (42, 0)


def test_what_cannot_be_loaded_at_all_is_done_by_numpy(monkeypatch):
    from uncertainty.sampling.fast import compiler

    def damaged(_):
        raise AttributeError("_cache")

    compiler.compiled_loops.cache_clear()
    monkeypatch.setattr(compiler, "import_module", damaged)
    try:
        assert compiler.compiled_loops() is None
    finally:
        compiler.compiled_loops.cache_clear()
