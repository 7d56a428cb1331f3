"""The prepared table of units: what pint knows, written down once, so that nobody waits for pint to start."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from uncertainty.files import write_whole
from uncertainty.units.prepared import TABLE

if TYPE_CHECKING:
    import pint


def table(registry: pint.UnitRegistry[float]) -> dict[str, Any]:
    """Return what a registry holds, in plain numbers and texts.

    Parameters
    ----------
    registry
        With no prefixed unit but those that its own definitions speak of: it keeps what it is asked for.

    Returns
    -------
    dict
        ``names`` of units, each with its own name; ``units``, each with its scale and what it is a multiple
        of (nothing where its values have an offset, are logarithmic or no number); ``dimensions`` of base
        units; ``prefixes``, each with its name and scale; ``base``, what the base units of the system are.
    """
    known = {name: registry._units[name] for name in sorted(registry)}
    units = {unit.name: unit for unit in known.values()}
    return {
        "names": {name: unit.name for name, unit in known.items()},
        "units": {name: _definition(unit) for name, unit in sorted(units.items())},
        "dimensions": {
            name: dict(unit.reference) if unit.reference else {}
            for name, unit in sorted(units.items())
            if unit.is_base
        },
        "known_dimensions": sorted(registry._dimensions),
        "prefixes": {
            name: [prefix.name, prefix.converter.scale] for name, prefix in registry._prefixes.items()
        },
        "base": {name: dict(base) for name, base in registry.get_system("mks", False).base_units.items()},
    }


def _definition(unit: Any) -> list[Any]:
    if not unit.is_multiplicative or math.isnan(unit.converter.scale):
        return []
    return [unit.converter.scale, dict(unit.reference) if unit.reference and not unit.is_base else {}]


def write(registry: pint.UnitRegistry[float]) -> None:
    """Write the table where the package reads it."""
    write_whole(TABLE, json.dumps(table(registry), ensure_ascii=False, indent=0) + "\n")
