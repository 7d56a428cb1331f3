"""Every family of the study language, registered once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, TypeAlias

from uncertainty.distributions.arguments import Arguments, Value, number, numbers, signature, weights
from uncertainty.distributions.bounded import Arcsine, Beta, Loguniform, Pert, Uniform
from uncertainty.distributions.discrete import Bernoulli, Binomial, Discrete, Empirical, Fixed, Poisson
from uncertainty.distributions.metalog import Metalog, Quantiles, quantiles_text
from uncertainty.distributions.mixture import Mixture, as_distribution
from uncertainty.distributions.parameters import number_text
from uncertainty.distributions.pedigree import Pedigree
from uncertainty.distributions.positive import Exponential, Gamma, Lognormal, Pareto, Weibull
from uncertainty.distributions.protocol import Distribution
from uncertainty.distributions.quantile_fit import fitted
from uncertainty.distributions.trapezoid import CurvilinearTrapezoid, Trapezoid, Triangular
from uncertainty.distributions.truncation import Clipped, Truncated
from uncertainty.distributions.unbounded import Gumbel, Logistic, Normal, StudentT
from uncertainty.errors import InvalidValue
from uncertainty.late import dataclass
from uncertainty.numbers import count

Constructor: TypeAlias = Callable[..., Distribution]


_BY_OTHER_NAMES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        ("median", "sigma"): "median=5, sigma=0.4",
        ("mean", "sd"): "mean=0.5, sd=0.2",
        ("mean", "cv"): "mean=0.5, cv=0.2",
    }
)


@dataclass(frozen=True, slots=True)
class Family:
    """A family with plain numbers as parameters.

    Parameters
    ----------
    make
        The class; its fields are the parameters, those with a default optional. One that has
        ``from_quantiles`` is made from as many quantiles as it has required parameters.
    alternatives
        Other sets of parameters, given by name, and what makes the distribution from them.
    """

    make: Any
    alternatives: Mapping[tuple[str, ...], Constructor] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        """Parameters without a default."""
        return tuple(
            f.name for f in dataclasses.fields(self.make) if f.init and f.default is dataclasses.MISSING
        )

    @property
    def optional(self) -> tuple[str, ...]:
        """Parameters with a default."""
        names = (f.name for f in dataclasses.fields(self.make) if f.init)
        return tuple(name for name in names if name not in self.required)

    def written(self, names: tuple[str, ...]) -> str:
        """Return how it is written with these parameters."""
        named = _BY_OTHER_NAMES.get(names) if names != self.required else None
        return f"{self.make.family}({named})" if named else str(self.make.example)

    def __call__(self, arguments: Arguments) -> Distribution:
        """Make the distribution that a call means."""
        quantiles, rest = arguments.split_quantiles()
        if quantiles:
            return self._from_quantiles(quantiles, rest)
        required, optional, make = self._form(arguments)
        return make(**_all_numbers(arguments, required, optional, self.written(required)))

    def matched(self, arguments: Arguments) -> dict[str, Value]:
        """Return the parameters that a call gives, by name."""
        required, optional, _ = self._form(arguments)
        return arguments.matched(required, optional, self.written(required))

    def _form(self, arguments: Arguments) -> tuple[tuple[str, ...], tuple[str, ...], Constructor]:
        """Choose the set of parameters that the names in a call belong to."""
        forms: list[tuple[tuple[str, ...], tuple[str, ...], Constructor]] = [
            (self.required, self.optional, self.make),
            *((names, self.optional, make) for names, make in self.alternatives.items()),
        ]
        arguments.refuse_unknown(dict.fromkeys(name for form in forms for name in form[0] + form[1]))
        by_position = (self.required + self.optional)[: len(arguments.positional)]
        given = {*by_position, *arguments.named}
        for required, optional, make in forms:
            if given <= {*required, *optional}:
                return required, optional, make
        ways = " or ".join(signature("", required) for required, _, _ in forms)
        raise InvalidValue(f"{arguments.family}: give one of {ways}")

    def _from_quantiles(self, quantiles: Quantiles, rest: Arguments) -> Distribution:
        family = rest.family
        fit = getattr(self.make, "from_quantiles", None)
        if fit is None:
            raise InvalidValue(
                f"{family}: cannot be given by quantiles; write metalog({quantiles_text(quantiles)}), "
                f"or its parameters as in {self.make.example}"
            )
        if rest.positional or rest.named:
            both = f"give {signature('', self.required)} or quantiles, not both"
            if not rest.positional and not set(rest.named) & set(self.required):
                both = f"quantiles stand alone here, without {' and '.join(rest.named)}"
            raise InvalidValue(f"{family}: {both}")
        if len(quantiles) != len(self.required):
            raise InvalidValue(
                f"{family}: {count(len(self.required), 'quantile')} needed, not {len(quantiles)}; "
                "metalog takes any number"
            )
        return fitted(fit, quantiles, family)


def _all_numbers(
    arguments: Arguments, required: tuple[str, ...], optional: tuple[str, ...] = (), example: str = ""
) -> dict[str, float]:
    values = arguments.matched(required, optional, example)
    return {name: number(value, f"{arguments.family}: {name}") for name, value in values.items()}


def _metalog(arguments: Arguments) -> Distribution:
    quantiles, rest = arguments.split_quantiles()
    if rest.positional:
        raise InvalidValue("metalog: its values are named, such as metalog(p10=1, p50=2, p90=5)")
    return Metalog(quantiles, **_all_numbers(rest, (), ("low", "high")))


def _discrete(arguments: Arguments) -> Distribution:
    arguments.refuse_unknown(["weights"])
    values = numbers(arguments.positional, "discrete: value")
    return Discrete(values, weights(arguments.named.get("weights"), "discrete"))


def _empirical(arguments: Arguments) -> Distribution:
    arguments.refuse_unknown([])
    match arguments.positional:
        case (str(file), str(column)):
            if arguments.folder is None:
                raise InvalidValue(
                    "empirical: a data file can only be named in a study file, which has a folder"
                )
            return Empirical.from_file(arguments.folder, file, column)
        case (str(), *_):
            raise InvalidValue('empirical: a file and a column are needed, empirical("file.csv", "column")')
    return Empirical(numbers(arguments.positional, "empirical: value"))


def _mixture(arguments: Arguments) -> Distribution:
    arguments.refuse_unknown(["weights"])
    components = tuple(
        as_distribution(value, f"mixture: component {position}")
        for position, value in enumerate(arguments.positional, start=1)
    )
    return Mixture(components, weights(arguments.named.get("weights"), "mixture"))


def _bounded_by(make: type[Truncated | Clipped]) -> Callable[[Arguments], Distribution]:
    def build(arguments: Arguments) -> Distribution:
        if len(arguments.positional) != 1:
            raise InvalidValue(
                f"{make.family}: one distribution, then the bounds by name, "
                f"such as {make.family}(normal(3, 2), low=0)"
            )
        arguments.refuse_unknown(["low", "high"])
        bounds = {name: number(value, f"{make.family}: {name}") for name, value in arguments.named.items()}
        return make(as_distribution(arguments.positional[0], f"{make.family}: its subject"), **bounds)

    return build


def _by_variation(family: str, by_moments: Constructor) -> Constructor:
    """Return what makes a family from its mean and coefficient of variation."""

    def make(mean: float, cv: float, **bounds: float) -> Distribution:
        if mean == 0.0:
            raise InvalidValue(f"{family}: cv is a share of the mean, which is 0; give sd in its place")
        if not cv > 0.0:
            raise InvalidValue(f"{family}: cv must be greater than 0, not {number_text(cv)}")
        return by_moments(mean, abs(mean) * cv, **bounds)

    return make


def _moments(family: str, make: Constructor) -> dict[tuple[str, ...], Constructor]:
    return {("mean", "sd"): make, ("mean", "cv"): _by_variation(family, make)}


@dataclass(frozen=True, slots=True)
class Form:
    """A family whose arguments are not all plain numbers.

    Parameters
    ----------
    make
        The class.
    read
        Makes the distribution that a call means.
    """

    make: Any
    read: Callable[[Arguments], Distribution]

    def __call__(self, arguments: Arguments) -> Distribution:
        """Make the distribution that a call means."""
        return self.read(arguments)


_REGISTERED = (
    Family(Normal, {("mean", "cv"): _by_variation("normal", Normal)}),
    Family(
        Lognormal,
        {("median", "sigma"): Lognormal.from_sigma, **_moments("lognormal", Lognormal.from_moments)},
    ),
    Family(Gamma, _moments("gamma", Gamma.from_moments)),
    Family(Weibull),
    Family(Exponential),
    Family(Gumbel),
    Family(Uniform),
    Family(Loguniform),
    Family(Beta, _moments("beta", Beta.from_moments)),
    Family(StudentT),
    Family(Triangular),
    Family(Pert),
    Family(Trapezoid),
    Family(Arcsine),
    Family(Logistic),
    Family(Pareto),
    Family(Poisson),
    Family(Binomial),
    Family(Bernoulli),
    Family(CurvilinearTrapezoid),
    Family(Pedigree),
    Family(Fixed),
    Form(Metalog, _metalog),
    Form(Discrete, _discrete),
    Form(Empirical, _empirical),
    Form(Mixture, _mixture),
    Form(Truncated, _bounded_by(Truncated)),
    Form(Clipped, _bounded_by(Clipped)),
)
"""A new one comes last: the p-values of fits have streams of their own by their places."""

FAMILIES: Mapping[str, Family | Form] = MappingProxyType({each.make.family: each for each in _REGISTERED})

EXAMPLES: Mapping[str, str] = MappingProxyType({name: each.make.example for name, each in FAMILIES.items()})
"""One text of each family that is read as it stands, for messages that say what to write."""

WITHOUT_A_FAMILY = (
    "2 to 8",
    "10 to 20 @ 95 %",
    "15 ± 3 (sd)",
    "15 ± 3 (k=2)",
    "15 ± 20 % (95 %)",
    "15.0(2)",
)
"""Texts that are read as distributions and name no family."""

IN_A_STUDY = (
    "point ± 5 % (95 %)",
    "normal(mu, 2)",
    "one_of(a=2, b=1)",
    "dirichlet(a=3, b=2, c=1)",
)
"""Texts that have a meaning for an input of a study alone: by its point, other quantities, or an index."""
