"""What studies hold, and what is at fault in those that cannot be read."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

import uncertainty as un

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.study.model import Study


def contents(study: Study) -> dict[str, Any]:
    """Everything that a study says, without where it was read and what was found of it."""
    told = {field.name: getattr(study, field.name) for field in dataclasses.fields(study) if field.init}
    return {key: value for key, value in told.items() if key not in ("name", "file", "folder", "sha256")}


def faults(path: Path) -> list[str]:
    """Return what is at fault in a study file, each with its key."""
    with pytest.raises(un.StudyError) as caught:
        un.load_study(path)
    return [f"{fault.key}: {fault.message}" for fault in caught.value.faults]
