"""A member of an index, by chance: its value is the member's place, and its text names members alone."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, ClassVar

from uncertainty.distributions.arguments import Arguments
from uncertainty.distributions.conditional import Parametric
from uncertainty.distributions.discrete import Steps, Table, checked_weights, weighted
from uncertainty.distributions.parameters import number_text, set_once
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.expressions import parse_expression
from uncertainty.expressions.tree import constant
from uncertainty.late import dataclass, regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.expressions import Expression

_CALL = regex(r"\s*one_of\s*\((.*?),?\s*\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OneOf(Steps):
    """Members of an index with probabilities in proportion to their weights.

    Parameters
    ----------
    members
        All of the index; a member's value is its place, from 0.
    weights
        As many as the members; a member without any is never drawn.
    """

    members: tuple[str, ...]
    weights: tuple[float, ...]
    family: ClassVar[str] = "one_of"
    table: Table = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        set_once(self, "weights", checked_weights(self.weights, len(self.members), "one_of"))
        set_once(self, "table", weighted(tuple(map(float, range(len(self.members)))), self.weights))

    @property
    def call(self) -> str:
        """Its text as a call of its family."""
        drawn = {member: weight for member, weight in zip(self.members, self.weights, strict=True) if weight}
        if len(set(drawn.values())) == 1:
            return f"one_of({', '.join(drawn)})"
        return f"one_of({', '.join(f'{name}={number_text(weight)}' for name, weight in drawn.items())})"

    @property
    def likeliest(self) -> int:
        """The place of the member with the largest weight, the first of them."""
        return self.weights.index(max(self.weights))


def read_one_of(text: str, members: Sequence[str]) -> OneOf | Parametric:
    """Read ``one_of(gcp=2, owid=1)``, or a member alone, which is then certain.

    Weights may follow from other quantities.

    Raises
    ------
    InvalidValue
        If it is neither, a member is unknown or stands twice, or weights are below 0 or none is above.
    """
    if text.strip() in members:
        return OneOf(tuple(members), tuple(float(member == text.strip()) for member in members))
    found = _CALL.fullmatch(text)
    if found is None:
        known = f"such as one_of({', '.join(members[:3])})"
        if re.fullmatch(r"\s*\w+\s*", text):
            raise InvalidValue(f'unknown member "{text.strip()}"{suggestion(text.strip(), members)}')
        raise InvalidValue(f"expected members, {known}, or one of them alone, found {text.strip()[:40]!r}")
    weights: dict[str, float | Expression] = {}
    for part in found[1].split(","):
        member, equals, weight = (each.strip() for each in part.partition("="))
        if member not in members:
            raise InvalidValue(f'one_of: unknown member "{member}"{suggestion(member, members)}')
        if member in weights:
            raise InvalidValue(f"one_of: {member} stands twice")
        weights[member] = _weight(member, weight) if equals else 1.0
    numbers = tuple(weight for member in members if isinstance(weight := weights.get(member, 0.0), float))
    if len(numbers) == len(members):
        return OneOf(tuple(members), numbers)
    places = tuple(float(place) for place, member in enumerate(members) if member in weights)
    named = {"weights": tuple(weights[member] for member in members if member in weights)}
    given = Parametric(Arguments("discrete", places, named, None))
    set_once(given, "written", " ".join(text.split()))
    return given


def _weight(member: str, text: str) -> float | Expression:
    if not text:
        raise InvalidValue(f'one_of: the weight of {member} must be a number, not "{text}"')
    try:
        found = parse_expression(text)
    except InvalidValue as error:
        raise InvalidValue(f"one_of: the weight of {member}: {error}") from None
    value = constant(found)
    return found if value is None else value
