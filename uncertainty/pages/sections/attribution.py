"""What drives an output by other methods than Sobol' indices: one section a method."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.pages.blocks import Block, Column, Paragraph, Section, Table, does_not_apply, strong
from uncertainty.pages.figures.drivers import driver_title
from uncertainty.pages.sections.drivers import drawn_given_others, driven, index_text
from uncertainty.sensitivity.sobol.results import FIRST
from uncertainty.wording import listed, scenario_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from uncertainty.pages.blocks import Text
    from uncertainty.sensitivity.budget_result import Budget
    from uncertainty.sensitivity.given_data import GivenData, Measured
    from uncertainty.sensitivity.morris import Screening
    from uncertainty.sensitivity.shapley import ShapleyEffects
    from uncertainty.study.model import Scale


def _section(title: str, scale: Scale, blocks: Iterable[Block | str], explained: str) -> Section:
    """Head a section by what it is of; texts are paragraphs, and empty ones are left out."""
    of = Paragraph("Of the result's logarithm, so that factors count rather than amounts.")
    said = [Paragraph(each) if isinstance(each, str) else each for each in (*blocks, explained) if each]
    return Section("drivers", title, (*([of] if scale == "log10" else []), *said))


def shapley_effects(
    found: ShapleyEffects, title: str = "", named: Callable[[str], str] | None = None, *, explained: bool
) -> Section:
    """Show what each input adds to the explained variance."""
    columns = (Column("Input"), Column("Shapley effect", numeric=True))
    named = named or partial(driver_title, found.study)
    rows = tuple((named(key), index_text(share)) for key, share in found.effects.items())
    table = Table(
        columns, rows, f"Shares of the variance, with {numbers.level(found.settings.level)} intervals"
    )
    given = drawn_given_others(found.scenario, found.effects) if explained else ""
    return _section(
        title or driven(found.study, found.output, scenario_text(found.scenario)),
        found.scale,
        [does_not_apply(found.reason)] if found.reason else [table, given],
        "A Shapley effect is what an input adds to the explained variance, averaged over all orders in which "
        "inputs can become known: the effects sum to 1, correlated inputs included. ≈ 0: not distinguishable "
        "from 0."
        if explained
        else "",
    )


def from_draws(
    found: GivenData, title: str = "", named: Callable[[str], str] = str, *, explained: bool
) -> Section:
    """Show what draws alone say of each input."""
    columns = (
        Column("Input"),
        *(Column(title, numeric=True) for title in (FIRST, "±", "by rank", "±", "Spearman", "delta", "PAWN")),
    )
    rows = tuple(
        (
            named(key),
            *_with_half_width(row.by_bins),
            *_with_half_width(row.by_rank),
            f"{row.spearman.value:.2f}",
            numbers.MISSING if row.delta is None else f"{row.delta.value:.2f}",
            numbers.MISSING if row.pawn is None else f"{row.pawn:.2f}",
        )
        for key, row in found.inputs.items()
    )
    without = f"No {FIRST}: {found.without_first_order.rstrip('.')}." if found.without_first_order else ""
    blocks: list[Block | str] = [
        Table(columns, rows, "What draws alone say of each input"),
        without,
        *found.disagreements_of(named),
        *_withheld(found, named),
    ]
    return _section(
        title or f"What drives {found.output}",
        found.scale,
        [does_not_apply(found.reason)] if found.reason else blocks,
        f"{FIRST} from means in bins and from neighbours in rank; Spearman's rank correlation; Borgonovo's "
        f"delta from {found.delta_rows:,} and PAWN from {found.pawn_rows:,} of the draws. ≈ 0: not "
        "distinguishable from 0."
        if explained
        else "",
    )


def _withheld(found: GivenData, named: Callable[[str], str]) -> list[str]:
    """Return a sentence for each reason why inputs have no delta, or no PAWN either."""
    said: dict[tuple[str, str], list[str]] = {}
    for key, row in found.inputs.items():
        if row.withheld:
            measures = {"delta": row.delta, "PAWN": row.pawn}
            missing = listed([each for each, value in measures.items() if value is None], "or")
            said.setdefault((missing, row.withheld), []).append(named(key))
    return [f"No {missing} of {listed(names)}: {why}." for (missing, why), names in said.items()]


def _with_half_width(found: Measured | None) -> tuple[str, str]:
    if found is None:
        return numbers.MISSING, numbers.MISSING
    half = (found.interval[1] - found.interval[0]) / 2
    value = "≈ 0" if found.interval[0] <= 0 else f"{found.value:.3f}"
    return value, f"{half:.3f}"


def screening(
    found: Screening, title: str = "", named: Callable[[str], str] = str, *, explained: bool
) -> Section:
    """Show the elementary effects of each input."""
    columns = (Column("Input"), *(Column(title, numeric=True) for title in ("µ*", "±", "σ")))
    rows = tuple(
        (
            named(key),
            *(numbers.number(cell, 2) for cell in (row.mu_star, row.mu_star_half_width, row.sigma)),
        )
        for key, row in found.inputs.items()
    )
    still = listed(named(key) for key in found.unmoved) if found.unmoved else ""
    unmoved = (
        f"No step of {still} changed the output. That does not say that nothing does: screening does not see "
        "what only rare values change."
    )
    return _section(
        title or f"What drives {found.output}",
        found.scale,
        [Table(columns, rows, "Elementary effects of each input"), unmoved if still else ""],
        "Each step moves one input within the middle 95 % of its distribution. µ* is the mean size of the "
        "output's change, divided by the share of the distribution that the step crosses; σ is large where "
        "an input interacts or acts nonlinearly. Screening ranks inputs, it does not share the variance out."
        if explained
        else "",
    )


def budget(
    found: Budget, title: str = "", named: Callable[[str], str] | None = None, *, explained: bool
) -> Section:
    """Show the linear budget, and whether it may be relied on."""
    from uncertainty.sensitivity.budget_result import BUDGET_HEADINGS, budget_cells

    study = found.study
    first, unit, *others = BUDGET_HEADINGS
    columns = (Column(first), Column(unit), *(Column(title, numeric=True) for title in others))
    result = (study.outputs[found.output].title, *budget_cells(found.result))
    rows: list[tuple[Text, ...]] = [
        *found.rows(named or partial(driver_title, study)),
        tuple(map(strong, result)),
    ]
    return _section(
        title or driven(study, found.output, scenario_text(found.scenario)),
        "linear",
        [
            Table(columns, tuple(rows), "Uncertainty budget"),
            _expanded(found),
            found.derivatives,
            found.sentence,
        ],
        "u(x) is a standard uncertainty, ν its degrees of freedom, c the output's derivative by the input, "
        "u(y) = |c| u(x) what the input contributes to the output's standard uncertainty, and the share that "
        "of its square in the output's variance. Two correlated inputs add twice the product of r and both c "
        "u(x); with the signs of these all shares add up to 100 % (JCGM 100:2008, equation 16 and table H.1)."
        if explained
        else "",
    )


def _expanded(found: Budget) -> str:
    from uncertainty.sensitivity.budget_result import estimate_text

    unit = found.result.unit
    value = f"{estimate_text(found.estimate, found.expanded)} ± {numbers.number(found.expanded, 2)}"
    factor = numbers.number(found.coverage_factor, 3)
    return (
        f"{value if unit == '1' else f'{value} {unit}'}: the expanded uncertainty is {factor} times the "
        f"combined standard uncertainty, for a coverage of {numbers.level(found.level)}."
    )
