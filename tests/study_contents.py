"""Comparing studies."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from uncertainty.study.model import Study


def contents(study: Study) -> dict[str, Any]:
    """Everything that a study says, without where it was read and what was found of it."""
    told = {field.name: getattr(study, field.name) for field in dataclasses.fields(study) if field.init}
    return {key: value for key, value in told.items() if key not in ("name", "file", "folder", "sha256")}
