"""Distributions fitted to data and ranked by information criteria, and what to make of them in sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.calls import checked
from uncertainty.distributions import StudentT
from uncertainty.distributions.parameters import number_text
from uncertainty.distributions.unbounded import DEGREES
from uncertainty.errors import InvalidValue, SettingError, suggestion
from uncertainty.fitting.elicited import short_text
from uncertainty.fitting.families import FAMILIES
from uncertainty.fitting.goodness import Goodness, goodness, p_value_equation, p_value_text
from uncertainty.late import dataclass
from uncertainty.records import Frozen, brief, view
from uncertainty.results import record, row_of
from uncertainty.tables import Table
from uncertainty.tables.missing_codes import apart
from uncertainty.tables.statistic_rows import refuse_statistics_of_series
from uncertainty.values import array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from uncertainty.distributions import Distribution, FloatArray


CLOSE = 2.0
"""Difference of AICc up to which data hardly tell two families apart (Burnham & Anderson 2002, 2.6)."""

REPEATED = 0.8
"""Share of values that differ, below which data are taken for rounded."""


def remarks(found: Fits) -> tuple[str, ...]:
    """Return sentences about which family to take, and what the fit says and does not say."""
    every = (_about_codes, _about_agreement, _about_signs, _about_degrees, _about_rounding, _about_the_mean)
    return tuple(sentence for about in every if (sentence := about(found)))


def _about_codes(found: Fits) -> str:
    """Say which numbers may say that a value is missing; in files they are refused unless they are meant."""
    filling, far, others = apart(found.values)
    if not (codes := sorted(filling | far)):
        return ""
    shown = " and ".join(f"{each:.15g}" for each in codes)
    return (
        f"All values but {shown} lie from {others.min():g} to {others.max():g}: leave out what says that a "
        "value is missing."
    )


def _about_agreement(found: Fits) -> str:
    best, close = found.best, found.close
    if best.poor:
        return (
            f"None of the families fits well: {best.family}, which fits best, agrees poorly with the data "
            f"(A² {p_value_equation(best.goodness.anderson_darling_p)}). The data themselves can be sampled "
            'by empirical("file.csv", "column"), from a file in which no value is missing.'
        )
    if close:
        named = ", ".join(fit.family for fit in close)
        return f"The data hardly tell {best.family} from {named} (AICc within {CLOSE:g})."
    return ""


def _about_signs(found: Fits) -> str:
    advised = found.advised
    if advised is not found.best:
        return f"All values are positive, and so is {advised.family}, which is taken."
    below = float(advised.distribution.cdf(np.array([0.0]))[0])
    if found.values[0] > 0 and below > 0:
        return (
            f"All values are positive, but {advised.family} puts {numbers.share(below)} below 0; where that "
            "is impossible, take another family or give the input low = 0."
        )
    return ""


def _about_degrees(found: Fits) -> str:
    """Say where the search for a tail ended at its bound: another would be likelier."""
    tails = [fit.estimates[2] for fit in found.fits if fit.family == "student_t"]
    if tails and math.isclose(tails[0], DEGREES[0], rel_tol=1e-3):
        return (
            f"student_t has {DEGREES[0]:g} degrees of freedom, the fewest that are looked among: the tails "
            "of the data may be heavier still."
        )
    return ""


def _about_rounding(found: Fits) -> str:
    distinct = len(np.unique(found.values))
    if distinct >= REPEATED * len(found.values):
        return ""
    return (
        f"Only {distinct} of {len(found.values)} values are distinct: {_how_alike(found.values)}, and the "
        "p-values, which are for continuous data, are too small."
    )


def _how_alike(values: FloatArray) -> str:
    if bool((values == np.floor(values)).all()):
        return "the data are counts, are rounded or stand there more than once"
    return "the data are rounded or stand there more than once"


def _about_the_mean(found: Fits) -> str:
    kind = "A fit describes how values differ from one to the next (kind variability). "
    if known := found.mean_text:
        return f"{kind}What is known of their mean is another thing: {known}, if the values are independent."
    best = found.best
    lacking = "no mean" if math.isnan(best.distribution.mean) else "a mean but no standard deviation"
    return (
        f"{kind}Of their mean nothing can be said from an average: {best.text} has {lacking}, so heavy are "
        "its tails."
    )


FEWEST = 5
POOR = 0.05
"""p-value below which a family is said not to fit."""


class UnsuitableDataError(SettingError):
    """Data that no distribution can be fitted to; the message knows neither their file nor their column."""


@record("family", "distribution=text", "parameters", "log_likelihood", "AICc", "BIC", "weight", "**goodness")
@dataclass(frozen=True, slots=True)
class Fit:
    """One family fitted to data.

    Parameters
    ----------
    family, parameters
        The family, and how many of its parameters were fitted.
    distribution
        With every digit.
    text
        With the digits that the data support, to be pasted.
    log_likelihood
        Natural logarithm of the family's greatest likelihood.
    AICc, BIC
        Information criteria, the smaller the better; AICc is Akaike's for small samples.
    weight
        Akaike weight among the families that were fitted.
    estimates
        The family's parameters, as its `scipy` and `make` take them.
    """

    family: str
    distribution: Distribution
    text: str
    parameters: int
    log_likelihood: float
    AICc: float
    BIC: float
    weight: float
    goodness: Goodness
    estimates: tuple[float, ...]

    @property
    def poor(self) -> bool:
        """Whether the data are unlikely to come from it."""
        return self.goodness.anderson_darling_p < POOR

    def density(self, x: FloatArray) -> FloatArray:
        """Return the probability densities at `x`, of the same shape; infinite or nan where there is none."""
        with np.errstate(all="ignore"):
            return np.asarray(FAMILIES[self.family].scipy(*self.estimates).pdf(x))


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """Families fitted to data, the best first.

    Parameters
    ----------
    values
        The data in increasing order, shape (n,).
    refused
        Families that were not fitted, and why.
    """

    values: FloatArray
    fits: tuple[Fit, ...]
    refused: Mapping[str, str]

    __repr__ = brief

    @property
    def best(self) -> Fit:
        """The family with the smallest AICc."""
        return self.fits[0]

    @property
    def close(self) -> tuple[Fit, ...]:
        """Other families that the data hardly tell from the best."""
        return tuple(fit for fit in self.fits[1:] if fit.AICc - self.best.AICc <= CLOSE)

    @property
    def advised(self) -> Fit:
        """The best family; of those that the data hardly tell apart, one that keeps to positive values."""
        if self.values[0] <= 0 or self.best.distribution.support[0] >= 0:
            return self.best
        return next((fit for fit in self.close if fit.distribution.support[0] >= 0), self.best)

    @property
    def mean_text(self) -> str | None:
        """What is known of the values' mean: a t-distribution (JCGM 101:2008, 6.4.9).

        None where the best family has no finite variance: an average of such values tells no mean.
        """
        if not math.isfinite(self.best.distribution.sd):
            return None
        n = len(self.values)
        scale = float(self.values.std(ddof=1)) / math.sqrt(n)
        known = StudentT(float(self.values.mean()), scale, n - 1)
        # the degrees of freedom are a count, of which no digit is left out
        return f"{short_text(known, scale / 50).rpartition(', ')[0]}, {n - 1})"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to make of it."""
        return remarks(self)

    @property
    def table(self) -> Table:
        """One row a family."""
        return Table.of_rows("fits", list(map(row_of, self.fits)))

    _repr_html_ = view


def fit_rows(found: Fits) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows for people."""
    head = ("Family", "Distribution", "ΔAICc", "ΔBIC", "Weight", "A² p", "KS p")
    least = min(fit.BIC for fit in found.fits)
    return head, [
        (
            fit.family,
            fit.text,
            f"{fit.AICc - found.best.AICc:.1f}",
            f"{fit.BIC - least:.1f}",
            numbers.share(fit.weight).replace("under ", "<").replace("over ", ">"),
            p_value_text(fit.goodness.anderson_darling_p),
            p_value_text(fit.goodness.kolmogorov_smirnov_p),
        )
        for fit in found.fits
    ]


@checked()
def fit_data(values: ArrayLike, *, families: Sequence[str] | None = None, seed: int = 1) -> Fits:
    """Fit families to data by maximum likelihood; a uniform or loguniform one by ends without bias.

    The most likely ends are the data's own, which lie inside the true ones. The likelihood is that of those
    without bias, since that of the data's own is too large by twice what a parameter costs elsewhere.

    Parameters
    ----------
    values
        At least five finite numbers that are not all the same, independent of one another, of one column.
    families
        Names of the families to try, by default all that can have such values.
    seed
        Of the replicates that p-values come from.

    Returns
    -------
    Fits
        The families by AICc, the best first.

    Raises
    ------
    UnsuitableDataError
        If the data are too few, not finite or all the same, some sum up the others by their labels, or no
            family can have these values.
    SettingError
        If a family is unknown.

    References
    ----------
    Burnham & Anderson (2002), Model selection and multimodel inference, doi:10.1007/b97636; Anderson &
    Darling (1954), doi:10.1080/01621459.1954.10501232.
    """
    given = array("values", values, undefined=True).ravel()
    data = np.sort(given)
    _check(data)
    try:
        refuse_statistics_of_series(values, given.tolist())
    except InvalidValue as error:
        raise UnsuitableDataError(str(error)) from None
    for name in families or ():
        if name not in FAMILIES:
            raise SettingError(f'family: unknown "{name}"{suggestion(name, FAMILIES)}')
    if max(shape := np.shape(values)) < data.size:
        raise UnsuitableDataError(f"expected the values of one column, found an array of shape {shape}")
    wanted = dict.fromkeys(families or FAMILIES)
    refused = {name: reason for name in wanted if (reason := FAMILIES[name].refuses(data))}
    fitted = {}
    for name in wanted:
        if name not in refused:
            try:
                fitted[name] = _fit_one(name, data, seed)
            except (InvalidValue, ArithmeticError) as error:
                refused[name] = f"cannot be fitted: {error}"
    if not fitted:
        raise UnsuitableDataError("; ".join(f"{name}: {reason}" for name, reason in refused.items()))
    least = min(fit.AICc for fit in fitted.values())
    relative = {name: math.exp((least - fit.AICc) / 2) for name, fit in fitted.items()}
    total = sum(relative.values())
    ranked = sorted(fitted, key=lambda name: fitted[name].AICc)
    fits = tuple(replace(fitted[name], weight=relative[name] / total) for name in ranked)
    return Fits(data, fits, Frozen(refused))


def _check(data: FloatArray) -> None:
    if not np.isfinite(data).all():
        raise UnsuitableDataError("expected finite numbers only")
    if len(data) < FEWEST:
        raise UnsuitableDataError(
            f"expected at least {FEWEST} values, found {len(data)}; give what is known as quantiles instead, "
            "or list the values as evidence of an input"
        )
    least = data.min()
    if least == data.max():
        value = number_text(float(least))
        raise UnsuitableDataError(
            f"all {len(data)} values are {value}, so there is no spread to fit; write the constant, "
            f"fixed({value})"
        )


def _fit_one(name: str, data: FloatArray, seed: int) -> Fit:
    family = FAMILIES[name]
    with np.errstate(all="ignore"):
        parameters = tuple(float(each[0]) for each in family.fit(data[None, :]))
        distribution = family.make(*parameters)
        log_likelihood = family.log_likelihood(data, parameters)
        # a stream of its own, so that a family's p-value does not depend on which others are tried
        random = np.random.default_rng([seed, list(FAMILIES).index(name)])
        measured = goodness(family, distribution, parameters, data, random)
    if not math.isfinite(log_likelihood):
        raise InvalidValue("the likelihood is not finite")
    n, k = len(data), family.parameters
    # no family has so many parameters that the fewest values leave nothing to divide by
    correction = 2 * k * (k + 1) / (n - k - 1)
    return Fit(
        family=name,
        distribution=distribution,
        text=short_text(distribution, float(data.std()) / (10 * math.sqrt(n)), (data[0], data[-1])),
        parameters=k,
        log_likelihood=log_likelihood,
        AICc=2 * k - 2 * log_likelihood + correction,
        BIC=k * math.log(n) - 2 * log_likelihood,
        weight=0.0,
        goodness=measured,
        estimates=parameters,
    )
