"""Libraries that only some features need, and how to get them."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Any

from uncertainty.errors import SettingError

EXTRAS = MappingProxyType(
    {
        "distributed": "cluster",
        "openpyxl": "excel",
        "h5netcdf": "netcdf",
        "h5py": "netcdf",
        "xarray": "netcdf",
        "pyarrow": "parquet",
    }
)
"""The extra of this package that brings a library."""


def require(library: str, wanted: str = "") -> Any:
    """Import a library that is not everybody's.

    Parameters
    ----------
    wanted
        The setting that needs it.

    Raises
    ------
    SettingError
        If it is not installed, with the extra that brings it and what installs it.
    """
    try:
        return import_module(library)
    except ImportError:
        extra = EXTRAS[library]
        together = " ".join(name for name, other in EXTRAS.items() if other == extra)
        before = f"{wanted}: " if wanted else ""
        raise SettingError(
            f'{before}{library} is not installed; the extra "{extra}" brings it, and so does: '
            f"pip install {together}"
        ) from None
