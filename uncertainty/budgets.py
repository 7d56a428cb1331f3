"""Budgets of model rows: what a call may run, shared among its parts before the first row is run."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from uncertainty.compiled import check_program
from uncertainty.errors import SettingError
from uncertainty.files import check_folder
from uncertainty.late import dataclass
from uncertainty.records import Frozen
from uncertainty.results import record
from uncertainty.sampling.designs import BLOCK, FEWEST_REPLICATES, make_design
from uncertainty.settings import Settings, Unasked
from uncertainty.study.calling import Meter
from uncertainty.study.probing import CHECKED
from uncertainty.study.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from uncertainty.study.model import Study

P = ParamSpec("P")
R = TypeVar("R")

BEYOND = 20_000
"""Rows of a function that a call without a named budget runs beyond its samples."""


class Part(NamedTuple):
    """Something that rows are wanted for.

    Parameters
    ----------
    what
        For people, such as "the interval".
    ladder
        The rows that it takes, from the least that says anything to all that it can use.
    """

    what: str
    ladder: tuple[int, ...]


@record("rows", "shares", "left_out")
@dataclass(frozen=True)
class Plan:
    """How rows are shared.

    Parameters
    ----------
    rows
        All that there are.
    shares
        By part the most rows that it takes.
    left_out
        By part that is left out, why.
    levels
        By part its place on its ladder.
    """

    rows: int
    shares: Mapping[str, int]
    left_out: Mapping[str, str]
    levels: Mapping[str, int]

    @property
    def sentence(self) -> str:
        """The plan in words: what the rows are for, and what is left out."""
        parts = [f"{rows:,} for {what}" for what, rows in self.shares.items() if rows]
        left = f"; left out: {', '.join(self.left_out)}" if self.left_out else ""
        return f"{self.rows:,} rows: {', '.join(parts) or 'none is needed'}{left}"


def share(rows: int, parts: Sequence[Part]) -> Plan:
    """Share rows: in the order of the parts the least that each needs, then step by step for all."""
    levels: dict[str, int] = {}
    left_out: dict[str, str] = {}
    left = rows
    for part in parts:
        if part.ladder[0] <= left:
            levels[part.what] = 0
            left -= part.ladder[0]
        else:
            left_out[part.what] = f"left out: it needs {part.ladder[0]:,} model rows, and {left:,} are left"
    rising = [part for part in parts if part.what in levels]
    while rising:
        still = []
        for part in rising:
            level = levels[part.what]
            if level + 1 < len(part.ladder) and part.ladder[level + 1] - part.ladder[level] <= left:
                left -= part.ladder[level + 1] - part.ladder[level]
                levels[part.what] = level + 1
                still.append(part)
        rising = still
    shares = {part.what: part.ladder[levels[part.what]] for part in parts if part.what in levels}
    return Plan(rows, Frozen(shares), Frozen(left_out), Frozen(levels))


def budgeted(analysis: Callable[P, R]) -> Callable[P, R]:
    """Have the rows of a public analysis counted where it has a budget.

    What one analysis runs as a part of another is counted with that.
    """

    @wraps(analysis)
    def call(*args: P.args, **options: P.kwargs) -> R:
        study: Any = args[0] if args else options.get("study")
        settings: Any = options.get("settings")
        budget: Any = options.get("budget", None if settings is None else settings.budget)
        if not isinstance(budget, int) or budget < 1 or (study.meter is not None and study.meter.is_open):
            return analysis(*args, **options)
        meter = Meter(budget)
        counted: Any = replace(study, meter=meter)
        try:
            if args:
                found = analysis(counted, *args[1:], **options)  # type: ignore[arg-type] # the study comes first
            else:
                found = analysis(*args, **options | {"study": counted})  # type: ignore[arg-type] # by its name
            if meter.left >= 2 * CHECKED:
                if isinstance(study.function, Program):
                    check_program(study.function, study.cache)
                elif study.first_rows is not None:
                    study.first_rows.check()
            return found
        finally:
            meter.close()

    return call


def keeping(study: Study, cache: str | Path | None, option: str = "cache") -> Study:
    """Return a study whose function's results are kept in a folder, where one is given.

    Parameters
    ----------
    option
        Where it was given.

    Raises
    ------
    UncertaintyError
        If that is no folder and cannot become one.
    """
    if cache is None:
        return study
    check_folder(Path(cache), option)
    return replace(study, cache=Path(cache))


def parts_of(study: Study, settings: Settings) -> int:
    """Return how many equal parts a call's budget was divided into, of which settings have one."""
    if settings.budget is None or study.meter is None:
        return 1
    return max(study.meter.budget // settings.budget, 1)


def elsewhere_of(study: Study, settings: Settings) -> int:
    """Return the rows of a call's budget that are for something else, where settings have all but these."""
    if settings.budget is None or study.meter is None or parts_of(study, settings) > 1:
        return 0
    return study.meter.budget - settings.budget


def told(plan: Plan) -> Plan:
    """Tell a plan before the first row is run, and return it."""
    import logging

    logging.getLogger("uncertainty").info("%s", plan.sentence)
    return plan


def is_asked(settings: Settings) -> bool:
    """Tell whether somebody has said how many samples there are to be."""
    return not isinstance(settings.samples, Unasked)


def affordable(
    settings: Settings,
    what: str,
    *,
    reserved: int = 0,
    each: int = 1,
    least: int = FEWEST_REPLICATES,
    parts: int = 1,
    enough: int = 0,
    elsewhere: int = 0,
) -> Settings:
    """Return settings with as many samples as the budget allows.

    Parameters
    ----------
    what
        That they are for, as an error names it.
    reserved
        Rows that are for something else.
    each
        Rows that one sample takes.
    least
        Samples that say anything.
    parts
        Equal parts of a call of which this is one, so that the call needs so many times as much.
    enough
        A budget that is enough, where more is reserved of a larger one.
    elsewhere
        Rows of the call's budget that are for something else.

    Raises
    ------
    SettingError
        If more samples were asked for than the budget allows, or it does not allow the least.
    """
    if settings.budget is None:
        return settings
    most = (settings.budget - reserved) // each
    if most < least:
        needed, found = max(least * each + reserved, enough) * parts, settings.budget * parts
        if elsewhere:
            raise SettingError(
                f"budget: expected at least {needed + elsewhere:,} model rows, {needed:,} of them for "
                f"{what}, found {found + elsewhere:,}"
            )
        share = " for it" if parts == 1 else ""
        raise SettingError(
            f"budget: expected at least {needed:,} model rows for {what}, found {found:,}{share}"
        )
    rows = settings.samples * each
    if is_asked(settings) and rows > settings.budget:
        raise SettingError(
            f"samples: {settings.samples:,} take {rows:,} model rows in {what}, above the budget of "
            f"{settings.budget:,}; ask for at most {rounded_down(settings.design, most):,}, or leave them out"
        )
    samples = int(settings.samples)
    if rounded_up(settings.design, min(samples, most)) > most:
        samples = rounded_down(settings.design, most)
    else:
        samples = min(samples, most)
    shares = {what: samples * each} | ({"single rows and pilots": reserved} if reserved else {})
    told(Plan(settings.budget, Frozen(shares), Frozen(), Frozen()))
    most_samples = None if settings.until is None else min(settings.max_samples or most, most)
    # what nobody asked for may be lowered again, by what is a part of this
    fitted = samples if is_asked(settings) else Unasked(samples)
    return replace(settings, samples=fitted, max_samples=most_samples)


def rounded_up(design: str, samples: int) -> int:
    """Return how many rows a design of some samples has."""
    return make_design(design, (), samples, 0).samples


def rounded_down(design: str, rows: int) -> int:
    """Return the most samples whose design has no more than some rows; 0 where it has none."""
    if design == "random":
        return rows
    if rows < FEWEST_REPLICATES:
        return 0
    if design == "lhs":
        replicates = max(FEWEST_REPLICATES, -(-rows // BLOCK))
        return rows - rows % replicates
    each = 1 << (rows // FEWEST_REPLICATES).bit_length() - 1
    return rows - rows % each


def afford(settings: Settings, rows: int, what: str) -> None:
    """Refuse what needs more rows than the budget has, before any is run; SettingError says how many."""
    if settings.budget is not None and rows > settings.budget:
        raise SettingError(
            f"budget: expected at least {rows:,} model rows for {what}, found {settings.budget:,} for it"
        )


def is_slow(study: Study) -> bool:
    """Tell whether a study's model may be slow: a function is, but for an emulator of one."""
    return study.function is not None and study.emulator is None


def beyond(study: Study, settings: Settings, wanted: int, part: float) -> int:
    """Return the rows that something beyond the samples may take: all it wants, or a part of the budget.

    Parameters
    ----------
    wanted
        What it takes where nothing bounds it.
    part
        Its share of the budget; of `BEYOND` where the study is a function and no budget is named.
    """
    if settings.budget is None and not is_slow(study):
        return wanted
    rows = int((settings.budget or BEYOND) * part)
    return wanted if wanted <= rows else max(rounded_down(settings.design, rows), 1)


def apart(settings: Settings, parts: int) -> Settings:
    """Return the settings of one of several equal parts of a call.

    Raises
    ------
    SettingError
        If more samples were asked for than the budget allows for each.
    """
    if settings.budget is None or parts < 2:
        return settings
    if settings.budget < parts:
        raise SettingError(f"budget: expected at least {parts:,} model rows, found {settings.budget:,}")
    if is_asked(settings) and settings.samples * parts > settings.budget:
        raise SettingError(
            f"samples: {settings.samples:,} in each of {parts} runs are more than the budget of "
            f"{settings.budget:,} model rows; ask for at most {settings.budget // parts:,}, or leave them out"
        )
    return replace(settings, budget=settings.budget // parts)
