"""Inputs that a fuzzer found, or begins with, stay harmless."""

from pathlib import Path

import pytest
from fuzz import LONGEST_INPUT
from targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(path for target in TARGETS for path in (CORPUS / target).iterdir())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_kept_input_gives_a_sound_value_or_a_fault(path):
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_is_fuzzed_and_has_a_longest_input():
    rule = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8").partition("for target in ")[2]
    assert set(rule.partition(";")[0].split()) == TARGETS.keys() == LONGEST_INPUT.keys()
