"""Inputs that a fuzzer found, or begins with, stay harmless."""

from pathlib import Path

import pytest
from targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
KEPT = sorted(path for target in TARGETS for path in (CORPUS / target).iterdir())


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_kept_input_gives_a_sound_value_or_a_fault(path):
    TARGETS[path.parent.name](path.read_bytes())
