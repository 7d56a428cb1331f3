"""Inputs that are members of an index: what they are read from, and what replaces them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from uncertainty.distributions.conditional import Conditional
from uncertainty.distributions.one_of import OneOf, read_one_of
from uncertainty.distributions.protocol import is_distribution
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.study.model import Override

if TYPE_CHECKING:
    from uncertainty.indices.index import Index
    from uncertainty.study.limits import Given


def member_place(text: object, index: Index) -> int:
    """Return the place of a member.

    Raises
    ------
    InvalidValue
        If the index has no such member, with the nearest that it has.
    """
    member = index.member(str(text))
    if member not in index.places:
        raise InvalidValue(
            f'unknown member "{text}" of the index {index.name}{suggestion(member, index.members)}'
        )
    return index.places[member]


def read_category(given: Given, index: Index) -> OneOf | Conditional:
    """Read the distribution of a member of an index: ``one_of(…)``, or a member, which is certain.

    Raises
    ------
    InvalidValue
        If it is neither.
    """
    if isinstance(given, OneOf | Conditional):
        return given
    if isinstance(given, int | float) and given in range(len(index.names)):
        # the place of a member, as analyses that move inputs give it
        return OneOf(index.names, tuple(float(place == given) for place in range(len(index.names))))
    if is_distribution(given) or isinstance(given, Mapping):
        raise InvalidValue(
            f"expected members of the index {index.name}, such as one_of({', '.join(index.names[:2])})"
        )
    found = read_one_of(str(given), index.names)
    return found if isinstance(found, OneOf) else Conditional(found)


def read_category_override(given: Given, index: Index) -> Override:
    """Read what replaces a category: its point is the likeliest member unless another is given.

    Raises
    ------
    InvalidValue
        If it cannot be read.
    """
    table = given if isinstance(given, Mapping) else {"distribution": given}
    distribution = read_category(table["distribution"], index)
    written = str(table["distribution"]).strip()
    if "point" in table:
        return Override(distribution, float(member_place(table["point"], index)), written)
    if isinstance(distribution, Conditional):
        return Override(distribution, math.nan, written, at_median=True)
    return Override(
        distribution, float(distribution.likeliest), written, at_median=not distribution.is_constant
    )
