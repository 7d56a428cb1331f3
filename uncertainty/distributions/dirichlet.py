"""Shares of a whole: a Dirichlet distribution over the members of an index, as its members have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from uncertainty.distributions.bounded import Beta
from uncertainty.distributions.parameters import LARGEST_SHAPE, SMALLEST_SHAPE, Written, number_text
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.expressions import parse_expression
from uncertainty.expressions.tree import constant
from uncertainty.late import dataclass, regex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from uncertainty.distributions.protocol import FloatArray

_CALL = regex(r"\s*dirichlet\s*\((.*?),?\s*\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Share(Written):
    """One member's share of a whole, whose shares add to it.

    Alone it has a beta distribution; the member's shares are drawn one after the other, each of what those
    before have left.

    Parameters
    ----------
    members
        Of the index.
    weights
        As many, each above 0: on average shares are in proportion to them, the closer the larger these are.
    cells
        The names of the inputs that share the whole, as many.
    place
        Which of them this is.
    whole
        What the shares add to, in their unit.

    References
    ----------
    Connor and Mosimann (1969), J. American Statistical Association 64, DOI 10.1080/01621459.1969.10500963.
    """

    members: tuple[str, ...]
    weights: tuple[float, ...]
    cells: tuple[str, ...]
    place: int
    whole: float = 1.0
    family: ClassVar[str] = "dirichlet"
    atoms: ClassVar[tuple[float, ...]] = ()
    is_constant: ClassVar[bool] = False

    @property
    def call(self) -> str:
        """Its text as a call of its family."""
        pairs = zip(self.members, self.weights, strict=True)
        return f"dirichlet({', '.join(f'{name}={number_text(weight)}' for name, weight in pairs)})"

    @property
    def alone(self) -> Beta:
        """The distribution of this share, whatever the others."""
        own = self.weights[self.place]
        return Beta(own, sum(self.weights) - own, 0.0, self.whole)

    def quantile(self, u: ArrayLike) -> FloatArray:
        """Return the quantiles at probabilities `u`."""
        return self.alone.quantile(u)

    def upper_quantile(self, q: ArrayLike) -> FloatArray:
        """Return the quantiles at ``1 - q``."""
        return self.alone.upper_quantile(q)

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x)."""
        return self.alone.cdf(x)

    def survival(self, x: ArrayLike) -> FloatArray:
        """Return P(X > x)."""
        return self.alone.survival(x)

    @property
    def support(self) -> tuple[float, float]:
        """Nothing, and the whole."""
        return 0.0, self.whole

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.alone.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.alone.sd


def is_share(distribution: object) -> bool:
    """Tell whether a distribution is that of a share of a whole."""
    return isinstance(distribution, Share)


def is_dirichlet(given: object) -> bool:
    """Tell whether a text is of this family, sound or not."""
    return isinstance(given, str) and re.match(r"\s*dirichlet\b", given) is not None


def weights_of(text: str, indices: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, float]]:
    """Read ``dirichlet(a=3, b=2, c=1)``: the index that its names are members of, and their weights.

    Parameters
    ----------
    indices
        The members of each index that may be meant.

    Raises
    ------
    InvalidValue
        If it is no such text, a member is unknown, missing or twice, or a weight is not above 0.
    """
    found = _CALL.fullmatch(text)
    if not indices:
        raise InvalidValue('dirichlet: shares are of the members of an index; the input needs index = ["…"]')
    first = next(iter(indices.values()))
    if found is None or not found[1].strip():
        example = ", ".join(f"{member}=1" for member in first[:3])
        raise InvalidValue(f"dirichlet: expected a number for each member, as in dirichlet({example})")
    weights: dict[str, float] = {}
    for part in found[1].split(","):
        member, equals, number = (each.strip() for each in part.partition("="))
        if member in weights:
            raise InvalidValue(f"dirichlet: {member} stands twice")
        weights[member] = _weight(member, number if equals else "")
    known = {name: members for name, members in indices.items() if set(weights) & set(members)}
    index, members = next(iter(known.items() or indices.items()))
    for member in weights:
        if member not in members:
            hint = suggestion(member, members)
            raise InvalidValue(f'dirichlet: unknown member "{member}" of the index {index}{hint}')
    if absent := [member for member in members if member not in weights]:
        raise InvalidValue(f"dirichlet: no number for {', '.join(absent)}; fix what has no share at 0")
    return index, {member: weights[member] for member in members}


def _weight(member: str, text: str) -> float:
    value = constant(parse_expression(text)) if text else None
    if value is None or not SMALLEST_SHAPE <= value <= LARGEST_SHAPE:
        ends = f"from {SMALLEST_SHAPE:g} to {LARGEST_SHAPE:g}"
        raise InvalidValue(f'dirichlet: expected a number {ends} for {member}, found "{text}"')
    return value
