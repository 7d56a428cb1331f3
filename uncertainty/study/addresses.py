"""What an address such as ``ratio[us,midjourney]`` means in a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.indices.addresses import Addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from uncertainty.indices.index import Index
    from uncertainty.study.model import Quantity, Study


def addresses(
    what: str, plain: Collection[str], tables: Mapping[str, Quantity], indices: Mapping[str, Index]
) -> Addresses:
    """Return what addresses of one kind may mean, cells and tables of them."""
    return Addresses(
        what, plain, {name: (each.indices, each.cells) for name, each in tables.items()}, indices
    )


def input_addresses(study: Study) -> Addresses:
    """Return what addresses of inputs may mean."""
    owners = {item.quantity for item in study.inputs.values()}
    tables = {name: each for name, each in study.quantities.items() if name in owners}
    return addresses("input", study.inputs, tables, study.indices)


def output_addresses(study: Study) -> Addresses:
    """Return what addresses of outputs may mean."""
    return addresses("output", study.outputs, study.tables, study.indices)
