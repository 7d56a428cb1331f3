"""What a unit measures: products of powers of base dimensions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from uncertainty.late import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dimension:
    """A product of powers of base dimensions, such as mass / query.

    Parameters
    ----------
    powers
        Base dimensions with their exponents, none of them zero, sorted by name; see `Dimension.of`.
    """

    powers: tuple[tuple[str, Fraction], ...] = ()

    @classmethod
    def of(cls, exponents: Mapping[str, Fraction | float]) -> Dimension:
        """Return the dimension with these exponents of base dimensions."""
        exact = ((name, Fraction(power).limit_denominator(1000)) for name, power in exponents.items())
        return cls(tuple(sorted((name, power) for name, power in exact if power)))

    @property
    def is_dimensionless(self) -> bool:
        """Whether it is that of a pure number."""
        return not self.powers

    def __mul__(self, other: Dimension) -> Dimension:
        exponents = dict(self.powers)
        for name, power in other.powers:
            exponents[name] = exponents.get(name, Fraction()) + power
        return Dimension.of(exponents)

    def __truediv__(self, other: Dimension) -> Dimension:
        return self * other**-1

    def __pow__(self, exponent: Fraction | float) -> Dimension:
        exact = Fraction(exponent).limit_denominator(1000)
        return Dimension.of({name: power * exact for name, power in self.powers})

    def __str__(self) -> str:
        if self.is_dimensionless:
            return "a pure number"
        exponents = _with_energy(dict(self.powers))
        over = " * ".join(_power_text(name, power) for name, power in exponents.items() if power > 0)
        under = "".join(f" / {_power_text(name, -power)}" for name, power in exponents.items() if power < 0)
        return (over or "1") + under


def _with_energy(exponents: dict[str, Fraction]) -> dict[str, Fraction]:
    """Write length**2 / time**2 as energy / mass, and length**2 / time**3 as power / mass."""
    count = exponents.get("length", Fraction()) / 2
    name = {-2 * count: "energy", -3 * count: "power"}.get(exponents.get("time", Fraction()))
    if not count or count.denominator > 1 or name is None:
        return exponents
    rest = {key: power for key, power in exponents.items() if key not in ("length", "time")}
    rest["mass"] = rest.get("mass", Fraction()) - count
    return dict(sorted({**rest, name: count}.items()))


def _power_text(name: str, power: Fraction) -> str:
    if power == 1:
        return name
    return f"{name}**{power}" if power.denominator == 1 else f"{name}**({power})"


def about_turns(one: Dimension, other: Dimension) -> str:
    """Say how turns become pure numbers, where they are all that two dimensions differ in."""
    if [name for name, _ in (one / other).powers] != ["turn"]:
        return ""
    return (
        "; for a pure number of turns divide them by 1[turn], for the angle multiply them by 2 * pi / 1[turn]"
    )
