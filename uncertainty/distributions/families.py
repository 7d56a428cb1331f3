"""Every family of the study language, registered once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from uncertainty.distributions import quantile_fit
from uncertainty.distributions.arguments import Arguments, Value, number, numbers, signature, weights
from uncertainty.distributions.bounded import Arcsine, Beta, Loguniform, Pert, Uniform
from uncertainty.distributions.discrete import Bernoulli, Binomial, Discrete, Empirical, Fixed, Poisson
from uncertainty.distributions.examples import EXAMPLES
from uncertainty.distributions.metalog import Metalog, Quantiles, quantiles_text
from uncertainty.distributions.mixture import Mixture, as_distribution
from uncertainty.distributions.parameters import number_text
from uncertainty.distributions.pedigree import Pedigree
from uncertainty.distributions.positive import Exponential, Gamma, Lognormal, Pareto, Weibull
from uncertainty.distributions.protocol import Distribution
from uncertainty.distributions.trapezoid import CurvilinearTrapezoid, Trapezoid, Triangular
from uncertainty.distributions.truncation import Clipped, Truncated
from uncertainty.distributions.unbounded import Gumbel, Logistic, Normal, StudentT
from uncertainty.errors import InvalidValue
from uncertainty.numbers import count

Constructor: TypeAlias = Callable[..., Distribution]


@dataclass(frozen=True, slots=True)
class Family:
    """A family with plain numbers as parameters.

    Parameters
    ----------
    make
        The class; its fields are the parameters, those with a default optional.
    fit
        Makes it from as many quantiles as it has required parameters; None if it cannot be.
    alternatives
        Other sets of parameters, given by name, and what makes the distribution from them.
    """

    make: Any
    fit: quantile_fit.Fit | None = None
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

    def __call__(self, arguments: Arguments) -> Distribution:
        """Make the distribution that a call means."""
        quantiles, rest = arguments.split_quantiles()
        if quantiles:
            return self._from_quantiles(quantiles, rest)
        required, optional, make = self._form(arguments)
        return make(**_all_numbers(arguments, required, optional))

    def matched(self, arguments: Arguments) -> dict[str, Value]:
        """Return the parameters that a call gives, by name."""
        required, optional, _ = self._form(arguments)
        return arguments.matched(required, optional)

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
        if self.fit is None:
            raise InvalidValue(
                f"{family}: cannot be given by quantiles; write metalog({quantiles_text(quantiles)}), "
                f"or its parameters as in {EXAMPLES[family]}"
            )
        if rest.positional or rest.named:
            raise InvalidValue(f"{family}: give {signature('', self.required)} or quantiles, not both")
        if len(quantiles) != len(self.required):
            raise InvalidValue(
                f"{family}: {count(len(self.required), 'quantile')} needed, not {len(quantiles)}; "
                "metalog takes any number"
            )
        return quantile_fit.fitted(self.fit, quantiles, family)


def _all_numbers(
    arguments: Arguments, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, float]:
    values = arguments.matched(required, optional)
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


FAMILIES: Mapping[str, Callable[[Arguments], Distribution]] = {
    "normal": Family(Normal, quantile_fit.fit_normal, {("mean", "cv"): _by_variation("normal", Normal)}),
    "lognormal": Family(
        Lognormal,
        quantile_fit.fit_lognormal,
        {("median", "sigma"): Lognormal.from_sigma, **_moments("lognormal", Lognormal.from_moments)},
    ),
    "uniform": Family(Uniform, quantile_fit.fit_uniform),
    "loguniform": Family(Loguniform, quantile_fit.fit_loguniform),
    "triangular": Family(Triangular),
    "pert": Family(Pert),
    "trapezoid": Family(Trapezoid),
    "beta": Family(Beta, quantile_fit.fit_beta, _moments("beta", Beta.from_moments)),
    "gamma": Family(Gamma, quantile_fit.fit_gamma, _moments("gamma", Gamma.from_moments)),
    "exponential": Family(Exponential, quantile_fit.fit_exponential),
    "arcsine": Family(Arcsine, quantile_fit.fit_arcsine),
    "weibull": Family(Weibull, quantile_fit.fit_weibull),
    "gumbel": Family(Gumbel, quantile_fit.fit_gumbel),
    "logistic": Family(Logistic, quantile_fit.fit_logistic),
    "pareto": Family(Pareto, quantile_fit.fit_pareto),
    "poisson": Family(Poisson),
    "binomial": Family(Binomial),
    "bernoulli": Family(Bernoulli),
    "student_t": Family(StudentT),
    "ctrap": Family(CurvilinearTrapezoid),
    "pedigree": Family(Pedigree),
    "fixed": Family(Fixed),
    "metalog": _metalog,
    "discrete": _discrete,
    "empirical": _empirical,
    "mixture": _mixture,
    "truncate": _bounded_by(Truncated),
    "clip": _bounded_by(Clipped),
}
