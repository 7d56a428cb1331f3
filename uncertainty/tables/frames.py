"""Tables as pandas data frames and as xarray's labelled arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from uncertainty.extras import require
from uncertainty.tables.netcdf_file import LIBRARY, origin, place
from uncertainty.tables.table import Table

if TYPE_CHECKING:
    from pandas import DataFrame
    from xarray import DataTree

    from uncertainty.tables.table import Tabular


def to_pandas(table: Tabular) -> DataFrame:
    """Return a table as a data frame.

    Returns
    -------
    pandas.DataFrame
        Columns of floats and texts; ``attrs`` has ``units`` by column and ``about``.
    """
    import pandas as pd

    whole = Table.whole(table)
    columns = {
        name: np.array(column) if isinstance(column, np.ndarray) else list(column)
        for name, column in whole.columns.items()
    }
    frame: DataFrame = pd.DataFrame(columns)
    frame.attrs = {"units": dict(table.units), "about": dict(table.about)}
    return frame


def to_xarray(table: Tabular) -> DataTree:
    """Return a table as labelled arrays, draws in the layout of ArviZ's InferenceData.

    Returns
    -------
    xarray.DataTree
        Draws of inputs in the group ``prior`` and of outputs in ``prior_predictive``, each with the
        dimensions ``chain`` (an independent replicate of the design) and ``draw``; the columns of any other
        table at the root along ``row``. Units are in ``attrs["units"]`` of a variable, and what the numbers
        depend on is a JSON text in ``attrs["uncertainty"]`` of the root: the file that `save_table` writes as
        NetCDF holds the same tree, and the tree can be saved and read as that file can.

    Raises
    ------
    SettingError
        If xarray is not installed.
    """
    xarray = require("xarray")
    whole = Table.whole(table)
    groups: dict[str, dict[str, Any]] = {}
    for column, values in whole.columns.items():
        group, name = place(column)
        attributes = {"units": table.units[column]} if column in table.units else {}
        if group:
            chains = np.reshape(np.asarray(values), (-1, table.chain_rows))
            found: Any = (("chain", "draw"), chains, attributes)
        else:
            found = (("row",), np.asarray(values), attributes)
        groups.setdefault(f"/{group}", {})[name] = found
    datasets = {}
    for group, variables in groups.items():
        first = next(iter(variables.values()))
        sizes = zip(first[0], first[1].shape, strict=True)
        coordinates = {name: np.arange(size) for name, size in sizes if name != "row"}
        datasets[group] = xarray.Dataset(variables, coordinates, LIBRARY)
    tree: DataTree = xarray.DataTree.from_dict(datasets)
    tree.attrs = origin(table)
    return tree


def to_inference_data(table: Tabular) -> Any:
    """Return draws as ArviZ takes them; see `to_xarray`.

    Returns
    -------
    arviz.InferenceData or xarray.DataTree
        The former where an ArviZ is installed that knows it: since version 1 it works on the tree itself.
    """
    tree = to_xarray(table)
    try:
        from arviz import InferenceData
    except ImportError:
        return tree
    datasets = {name: node.to_dataset() for name, node in tree.children.items()}
    return InferenceData(attrs=dict(tree.attrs), **datasets)
