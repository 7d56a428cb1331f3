"""Distributions fitted to data, ranked by information criteria, with their goodness of fit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from uncertainty import numbers
from uncertainty.distributions import StudentT
from uncertainty.errors import InvalidValue, SettingError, suggestion
from uncertainty.fitting.families import FAMILIES
from uncertainty.fitting.goodness import Goodness, goodness
from uncertainty.fitting.wording import short_text
from uncertainty.tables import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from uncertainty.distributions import Distribution, FloatArray

FEWEST = 5
POOR = 0.05
"""p-value below which a family is said not to fit."""

CLOSE = 2.0
"""Difference of AICc up to which data hardly tell two families apart (Burnham & Anderson 2002, 2.6)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One family fitted to data.

    Parameters
    ----------
    distribution
        With every digit.
    text
        With the digits that the data support, to be pasted.
    log_likelihood
        Natural logarithm of the likelihood.
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
    def mean_text(self) -> str:
        """What is known of the values' mean: a t-distribution (JCGM 101:2008, 6.4.9)."""
        n = len(self.values)
        scale = float(self.values.std(ddof=1)) / math.sqrt(n)
        known = StudentT(float(self.values.mean()), scale, n - 1)
        return short_text(known, scale / 50)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What to make of it."""
        said = []
        best, close = self.best, self.close
        if best.poor:
            said.append(
                f"None of the families fits well: of {best.family}, which fits best, as poor an agreement "
                f"has a p-value of {best.goodness.anderson_darling_p:.3f}. The data themselves can be "
                'sampled by empirical("file.csv", "column").'
            )
        elif close:
            named = ", ".join(fit.family for fit in close)
            said.append(f"The data hardly tell {best.family} from {named} (AICc within {CLOSE:g}).")
        advised = self.advised
        below = float(advised.distribution.cdf(np.array([0.0]))[0])
        if advised is not best:
            said.append(f"All values are positive, and so is {advised.family}, which is taken.")
        elif self.values[0] > 0 and below > 0:
            said.append(
                f"All values are positive, but {best.family} puts {numbers.share(below)} below 0; where that "
                "is impossible, take another family or give the input low = 0."
            )
        distinct = len(np.unique(self.values))
        if distinct < 0.8 * len(self.values):
            said.append(
                f"Only {distinct} of {len(self.values)} values differ: the data are rounded, and the "
                "p-values, which are for continuous data, are too small."
            )
        said.append(
            "A fit describes how values differ from one to the next (kind variability). What is known of "
            f"their mean is another thing: {self.mean_text}, if the values are independent."
        )
        return tuple(said)

    @property
    def table(self) -> Table:
        """One row a family."""
        rows = [
            {
                "family": fit.family,
                "distribution": fit.text,
                "parameters": fit.parameters,
                "log_likelihood": fit.log_likelihood,
                "AICc": fit.AICc,
                "BIC": fit.BIC,
                "weight": fit.weight,
                **fit.goodness._asdict(),
            }
            for fit in self.fits
        ]
        return Table.of_rows("fits", rows)

    def _repr_html_(self) -> str:
        from uncertainty.tables.html import html_heading, html_table

        head, rows = fit_rows(self)
        heading = html_heading(f"Fits to {len(self.values):,} values", " ".join(self.sentences))
        return heading + html_table(head, rows, numeric=range(2, 7))


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
            f"{fit.goodness.anderson_darling_p:.3f}",
            f"{fit.goodness.kolmogorov_smirnov_p:.3f}",
        )
        for fit in found.fits
    ]


def fit_data(values: ArrayLike, *, families: Sequence[str] | None = None, seed: int = 1) -> Fits:
    """Fit families to data by maximum likelihood.

    Parameters
    ----------
    values
        At least five finite numbers that are not all the same, independent of one another.
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
    SettingError
        If the data are too few or not finite, or a family is unknown or cannot have these values.

    References
    ----------
    Burnham & Anderson (2002), Model selection and multimodel inference, doi:10.1007/b97636; Anderson &
    Darling (1954), doi:10.1080/01621459.1954.10501232.
    """
    data = np.sort(np.asarray(values, dtype=float).ravel())
    _check(data)
    for name in families or ():
        if name not in FAMILIES:
            raise SettingError(f'family: unknown "{name}"{suggestion(name, FAMILIES)}')
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
        raise SettingError("; ".join(f"{name} {reason}" for name, reason in refused.items()))
    least = min(fit.AICc for fit in fitted.values())
    relative = {name: math.exp((least - fit.AICc) / 2) for name, fit in fitted.items()}
    total = sum(relative.values())
    ranked = sorted(fitted, key=lambda name: fitted[name].AICc)
    fits = tuple(replace(fitted[name], weight=relative[name] / total) for name in ranked)
    return Fits(data, fits, MappingProxyType(refused))


def _check(data: FloatArray) -> None:
    if not np.isfinite(data).all():
        raise SettingError("expected finite numbers only")
    if len(data) < FEWEST:
        raise SettingError(
            f"expected at least {FEWEST} values, found {len(data)}; from so few, give quantiles or evidence"
        )
    if data[0] == data[-1]:
        raise SettingError(f"all values are {data[0]:g}: a constant")


def _fit_one(name: str, data: FloatArray, seed: int) -> Fit:
    family = FAMILIES[name]
    with np.errstate(all="ignore"):
        parameters = tuple(float(each[0]) for each in family.fit(data[None, :]))
        distribution = family.make(*parameters)
        log_likelihood = float(family.scipy(*parameters).logpdf(data).sum())
        # a stream of its own, so that a family's p-value does not depend on which others are tried
        random = np.random.default_rng([seed, list(FAMILIES).index(name)])
        measured = goodness(family, distribution, parameters, data, random)
    if not math.isfinite(log_likelihood):
        raise InvalidValue("the likelihood is not finite")
    n, k = len(data), family.parameters
    correction = 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else math.inf
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
