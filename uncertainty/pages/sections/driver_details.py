"""What else is worth knowing of drivers: what to measure next, the short version, pictures."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.amounts import farthest, is_set
from uncertainty.errors import SettingError
from uncertainty.pages.blocks import Block, Column, Details, Paragraph, Table
from uncertainty.pages.figures import figure
from uncertainty.pages.figures.drivers import driver_title, explains, quoted_driver
from uncertainty.pages.figures.local import moving
from uncertainty.sampling.estimate import Estimate
from uncertainty.sides import cases_text
from uncertainty.study.one_score import item_of
from uncertainty.wording import KINDS, capitalised, dropped_sentence, figure_text, listed, moved_to, with_unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from uncertainty.pages.content import ReportContent
    from uncertainty.sensitivity.effects import DriverDetails, Effects
    from uncertainty.sensitivity.local import LocalView
    from uncertainty.sensitivity.remaining import Remaining
    from uncertainty.sensitivity.short_version import Shortened, ShortVersion
    from uncertainty.sensitivity.sobol.results import OutputIndices, Share, SobolIndices
    from uncertainty.study.model import Study

RANKED = 3
"""Inputs whose rank's stability is said."""

DIGITS = 3
"""Those of an interval's width, where its error supports them."""


def indices_sentences(found: SobolIndices, indices: OutputIndices) -> Iterator[str]:
    """Say what is knowledge and what is variety, what interactions explain, and how far it can be trusted."""
    named = partial(driver_title, found.study)
    if len(indices.kinds) == len(KINDS):
        known = {kind: _explained(index.first) for kind, index in indices.kinds.items()}
        yield (
            f"What nobody knows explains {known['uncertainty']} of the spread, and what differs from case to "
            f"case {known['variability']}: research can shrink the first alone."
        )
    one = found.study.function is None and len(indices.indices) == 1  # which has none to interact with
    if indices.alone is not None and indices.interactions is not None and not one:
        alone, interactions = map(_explained, (indices.alone, indices.interactions))
        none = indices.interactions.interval[0] <= 0 and "(" in interactions
        between = "cannot be told from none" if none else interactions
        yield f"Inputs alone explain {alone} of the spread, interactions between them {between}."
    top = [key for key in list(indices.indices)[:RANKED] if key in indices.rank_stability]
    if top:
        agreeing = [f"{named(key)} {100 * indices.rank_stability[key]:.0f} %" for key in top]
        yield f"Replicates that agree on the rank: {'; '.join(agreeing)}."
    if indices.other is not None and indices.other.indices:
        linear = [
            f"{named(key)} {_explained(index.total)}"
            for key, index in list(indices.other.indices.items())[:RANKED]
        ]
        yield f"On the linear scale, of the variance of amounts, with interactions: {'; '.join(linear)}."
    quoted = partial(quoted_driver, found.study)
    yield from filter(None, (indices.disagreement_of(quoted), indices.unsettled))
    yield from filter(None, (dropped_sentence([("of the base points", indices.dropped)]),))
    yield from filter(None, (found.stopped_because_of(quoted), found.grouping_of(quoted)))


def detail_blocks(study: Study, details: DriverDetails) -> list[Block]:
    """Return what knowing the top drivers would leave open, and the few inputs that explain most."""
    unit = study.outputs[details.effects.output].unit.text
    tables = [] if details.effects.yes_or_no else [*_worth_measuring(study, details, unit)]
    short = _short_version(study, details.short, unit, yes_or_no=details.effects.yes_or_no)
    return [*tables, Paragraph(short)]


def _worth_measuring(study: Study, details: DriverDetails, unit: str) -> Iterator[Table]:
    """Say what measuring can shrink, and apart from it what makes cases differ, which none can."""
    effects = details.effects
    level = numbers.level(effects.level)
    now = with_unit(numbers.interval(*effects.ends), unit)
    far = farthest(study.outputs[effects.output], [details.short.median])
    if len(effects.remaining) + len(effects.differing) == 1 and study.function is None:
        return  # what alone varies leaves no interval, and a slice of it still has some width
    has_end = not is_set(effects.interval[1], far)
    widths = "its upper end is set by the calculation itself, so that it has no width that could shrink"
    if has_end:
        between = "ratio" if effects.scale == "log10" else "difference"
        logarithm = ", as a logarithm" if effects.scale == "log10" else ""
        widths = f"its width is its ends' {between}, {_width(effects)} now{logarithm}"
    kinds = (
        (
            effects.remaining,
            "If this were known",
            "What is worth measuring next: from the draws of this table, ",
        ),
        (
            effects.differing,
            "If all cases were alike in this",
            "What makes cases differ, which no measurement can shrink: ",
        ),
    )
    for left, first, what in kinds:
        if left:
            caption = f"{what}the {level} interval is now {now}"
            # the first table says it for both
            caption += "" if effects.remaining and left is effects.differing else f"; {widths}"
            yield _without_spread(study, effects, left, first, caption, has_end=has_end)


def _without_spread(
    study: Study, effects: Effects, left: Mapping[str, Remaining], first: str, caption: str, *, has_end: bool
) -> Table:
    """Say how wide the interval would be: where it would lie depends on what the input turns out to be."""
    columns = [Column(first), Column("lower end, on average", numeric=True)]
    if has_end:
        heading = "upper ÷ lower end" if effects.scale == "log10" else "distance of the ends"
        columns = [
            Column(first),
            Column(f"{heading}, on average", numeric=True),
            Column("narrower by", numeric=True),
        ]
    rows = []
    for key, each in left.items():
        told = (_width(effects, each), _narrowing(each)) if has_end else (numbers.estimate(each.ends.low, 2),)
        rows.append((driver_title(study, key), *told))
    where = "averages are over all that the input may be, which decides where the interval would lie"
    return Table(tuple(columns), tuple(rows), f"{caption}; {where}")


def _width(effects: Effects, found: Remaining | None = None) -> str:
    """Write how far the interval's ends lie apart: now, or on average with something known."""
    low, high = effects.interval
    by_factors = effects.scale == "log10"
    width = math.log(high / low) if by_factors else high - low
    if found is None:
        sizes = effects.interval if by_factors else (1.0, 1.0)
        known = None not in effects.errors
        error = math.hypot(*(e / abs(size) for e, size in zip(effects.errors, sizes, strict=True) if e))
        left = Estimate(width, error if known else None)
    else:
        unsure = found.narrowing_error
        left = Estimate((1 - found.narrowing) * width, None if unsure is None else unsure * width)
    if by_factors:
        ratio = math.exp(left.value)
        left = Estimate(ratio, None if left.error is None else left.error * ratio)
    text = numbers.estimate(left, numbers.digits_apart(left.value, 1.0, DIGITS) if by_factors else DIGITS)
    return text if numbers.shown(text) else numbers.number(left.value, 1)


def _narrowing(found: Remaining) -> str:
    if found.is_nothing:
        return "≈ 0"
    # values at which an end lies far out widen the ends on average
    return (
        numbers.share(Estimate(found.narrowing, found.narrowing_error))
        if found.narrowing > 0
        else "not narrower"
    )


def _short_version(study: Study, short: ShortVersion, unit: str, *, yes_or_no: bool) -> str:
    """Say which few inputs the calculation can be cut down to; sets that serve several shares come once."""
    enough: dict[tuple[str, ...], list[float]] = {}
    for share, found in short.shortened.items():
        enough.setdefault(found.inputs, []).append(share)
    sentences = [
        _shortened(study, short.shortened[shares[0]], shares, unit, yes_or_no=yes_or_no)
        for shares in enough.values()
    ]
    if not yes_or_no and math.isfinite(short.median):
        whole = with_unit(numbers.interval(*short.ends), unit)
        sentences.append(f"With every input's spread, from as many draws, it is {whole}.")
    differ = any(item.kind == "variability" for item in study.inputs.values())
    if study.outputs[short.output].over == "average" and differ:
        sentences.append("What differs from case to case is averaged over in each.")
    return " ".join(["The short version:", *sentences])


def _shortened(study: Study, found: Shortened, asked_for: list[float], unit: str, *, yes_or_no: bool) -> str:
    shares = listed(map(numbers.share, asked_for))
    if not found.inputs:
        return f"To explain {shares} of the spread, {found.reason}."
    interval = with_unit(numbers.interval(*found.ends), unit)
    then = f"; with everything else at its median the interval is {interval}"
    if found.reason:
        told = found.reason if found.reason.startswith("is ") else f"is not told: {found.reason}"
        then = f"; with everything else at its median the result {told}"
    elif yes_or_no:
        then = ""
    explained = _explained(found.closed)
    asked = "was" if len(asked_for) == 1 else "were"
    subject = explains(study, "+".join(found.inputs))
    where = f"where {shares} {asked} asked for"
    if found.closed.value < max(asked_for):
        where = f"which may be the {shares} that {asked} asked for"
    return f"{subject} {explained} of the spread, {where}{then}."


def _explained(share: Share) -> str:
    """Write a share of the spread, with its interval where that is a per cent wide or more.

    Where it is narrower the digits alone tell how well the share is known; of one that cannot be told
    from none or from all it is the other end of its interval.
    """
    low, high = (100 * _within(end) for end in share.interval)
    value = _within(share.value)
    if high - low >= 1:
        return f"{numbers.share(value)} ({low:.0f} to {high:.0f} %)"
    if low <= 0 or high >= 100:
        return numbers.share(Estimate(0.0 if low <= 0 else 1.0, None, bounds=share.interval))
    return numbers.share(Estimate(value, (share.interval[1] - share.interval[0]) / 4))


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


MOST_ROWS = 8


def view_blocks(content: ReportContent, details: DriverDetails, reading: str) -> list[Block]:
    """Return what is folded away below a reading's indices."""
    blocks = [_picture(kind, content, reading) for kind in ("curves", "tornado", "spider")]
    view = content.local_under(reading).from_points
    if isinstance(view, str):
        blocks.append(Paragraph(f"From the inputs' points nothing is shown: the headline {view}."))
    else:
        blocks.append(_from_points(content, view, reading))
    top = listed(f"“{item_of(content.study, name).title}”" for name in details.effects.curves)
    return [Details(f"The headline along {top}, and as one input at a time moves", tuple(blocks))]


def _picture(kind: str, content: ReportContent, reading: str) -> Block:
    """Return a figure, or why there is none."""
    try:
        return figure(kind, content, reading)
    except SettingError as error:
        return Paragraph(f"{capitalised(str(error))}.")


def _from_points(content: ReportContent, view: LocalView, reading: str) -> Table:
    """Say what replacing one input's point alone would do."""
    moved = moving(view, MOST_ROWS)
    items = {name: item_of(content.study, name) for name in moved}
    rows = tuple(
        (
            items[name].title,
            *(
                f"{output} (input {moved_to(items[name], value, path.inputs)})"
                for output, value in zip(numbers.together(*path.outputs), path.inputs, strict=True)
            ),
        )
        for name, path in moved.items()
    )
    columns = (
        Column("Input that alone leaves its point"),
        *(Column(f"at its {name}", numeric=True) for name in _quantiles(view)),
    )
    output = content.headline.output
    base = with_unit(numbers.number(view.base), output.unit.text)
    title = content.study.readings[reading].title
    cases = cases_text(content.run_under(reading).scenario, output.name)
    told = f" with {cases}," if cases else ""
    caption = f"One at a time from the points that “{title}” takes,{told} where the headline is {base}"
    if output.published is not None and output.published_value is not None:
        caption += f" (published: {figure_text(output.published)})"
    return Table(columns, rows, caption)


def _quantiles(view: LocalView) -> list[str]:
    return ["median" if p == 0.5 else f"{100 * p:g} % quantile" for p in view.probabilities]
