"""Published figures as a study file writes them: numbers with their digits, or tables of statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from uncertainty.bounds import MOST_ENTRIES
from uncertainty.distributions.arguments import QUANTILE_NAME
from uncertainty.errors import InvalidValue, suggestion
from uncertainty.study.cells import spread
from uncertainty.study.model import ENDS, STATISTICS, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from uncertainty.indices.index import Index
    from uncertainty.study.faults import Faults


def written_digits(number: float) -> int:
    """Count the significant digits of a number as it was written.

    An integer's trailing zeros do not count: 2900 has two digits, 2900.0 has five, 0.80 has two. Of 0 every
    zero counts: 0 has one digit and 0.00 three, the last of which is of hundredths.
    """
    text: str = getattr(number, "text", repr(number))
    mantissa = text.lower().replace("_", "").split("e")[0].lstrip("+-")
    if not number:
        return len(mantissa.replace(".", "")) if "." in mantissa else 1
    digits = mantissa.replace(".", "") if "." in mantissa else mantissa.rstrip("0")
    return max(1, len(digits.lstrip("0")))


DETAILS = ("level", "digits")
"""What a table of figures may say of them."""

MOST_DIGITS = 15


def read_figure(
    given: float | Mapping[str, Any],
    key: str,
    faults: Faults,
    *,
    digits: int | None = None,
    reference: float | None = None,
    positive: bool = False,
) -> Figure | None:
    """Read what was published of an output; None, with a fault for all that is wrong, where it is unsound.

    Parameters
    ----------
    key
        Where it stands in the file.
    digits
        Those of the first figure, where they were given beside it.
    reference
        The output's; a probability needs one.
    positive
        Whether the output has a logarithmic scale.
    """
    before = len(faults.found)
    keys = {name: f"{key}.{name}" for name in given} if isinstance(given, Mapping) else {"value": key}
    table = given if isinstance(given, Mapping) else {"value": given}
    if len(table) > MOST_ENTRIES["published"]:
        faults.add(key, f"expected at most {MOST_ENTRIES['published']} entries, found {len(table)}")
        return None
    figures = _figures(table, keys, faults)
    _check_level(table, keys, faults)
    for name, number in figures.items():
        wrong = _impossible(name, number, reference, positive=positive)
        if wrong:
            faults.add(keys[name], wrong)
    carried = _digits(table.get("digits", digits), tuple(figures), f"{key}.digits", faults)
    if digits is not None and "digits" in table:
        faults.add(f"{key}.digits", "is given beside the figure already")
    if not figures and len(faults.found) == before:
        faults.add(key, f"expected a figure: {', '.join(STATISTICS)} or a percentile such as p5")
    if len(faults.found) > before:
        return None
    level = table.get("level")
    found = [
        Figure(
            float(number),
            carried.get(name) or written_digits(number),
            name,
            float(level) if name in ENDS and level is not None else None,
        )
        for name, number in figures.items()
    ]
    _check_order(found, keys, faults)
    return replace(found[0], also=tuple(found[1:]))


def by_member(
    given: float | Mapping[str, Any] | None, shape: Sequence[Index], key: str, faults: Faults
) -> dict[tuple[str, ...], Any]:
    """Return what was published of each cell of an output: one figure for all, or a table by member.

    A table whose keys are statistics is a figure. One with a key that is a member, too, could be either.
    """
    if not shape:
        return {(): given}
    for path, name in _keys(given, key):
        index = next((index.name for index in shape if name in index.names), None)
        if index is not None and _is_key(name):
            said = f'"{name}" is a member of the index {index} and a key of published figures'
            faults.add(path, f"{said}; give the member another name")
            return {}
    return spread(given, shape, key, faults, is_figure)


def _keys(given: Any, key: str) -> Iterator[tuple[str, str]]:
    """Yield the keys of a table and of the tables in it, with where they stand."""
    for name, held in given.items() if isinstance(given, Mapping) else ():
        yield f"{key}.{name}", name
        yield from _keys(held, f"{key}.{name}")


def is_figure(given: Any) -> bool:
    """Tell whether what was published is a figure, and no table of figures by member."""
    return not isinstance(given, Mapping) or any(map(_is_key, given))


def _is_key(name: str) -> bool:
    """Tell whether a key is one of a table of figures."""
    return name in (*STATISTICS, *DETAILS) or _percentile(name) is not None


def _figures(table: Mapping[str, Any], keys: Mapping[str, str], faults: Faults) -> dict[str, float]:
    """Return the numbers of a table by the statistic that they are, in the file's order."""
    figures = {}
    for name, number in table.items():
        if name in DETAILS:
            continue
        if name in STATISTICS or _percentile(name) is not None:
            found = faults.attempt(keys[name], partial(_number, name, number))
            if found is not None:
                figures[name] = found
        else:
            known = (*STATISTICS, *DETAILS)
            hint = suggestion(name, known) or f"; known: {', '.join(known)} and percentiles such as p5"
            faults.add(keys[name], f"unknown key{hint}")
    return figures


def _percentile(name: str) -> Decimal | None:
    """Return the percentile that a key names."""
    match = QUANTILE_NAME.fullmatch(name)
    return None if match is None else Decimal(match[1])


def _number(name: str, value: Any) -> float:
    from uncertainty.study.written import finite_number

    place = _percentile(name)
    if place is not None and not 0 < place < 100:
        raise InvalidValue("expected a percentile above 0 and below 100, such as p5")
    # TOML takes the point of a bare p97.5 for that of a path
    after = next(iter(value), "") if place is not None and isinstance(value, Mapping) else ""
    if after.isdigit():
        raise InvalidValue(f'expected a number, found a table; write "{name}.{after}" in quotes')
    try:
        return finite_number(value, "a number")
    except ValueError as error:
        raise InvalidValue(str(error)) from None


def _check_level(table: Mapping[str, Any], keys: Mapping[str, str], faults: Faults) -> None:
    ends = [name for name in ENDS if name in table]
    if "level" not in table:
        if ends:
            faults.add(keys[ends[0]], "needs the interval's level beside it, such as level = 0.95")
        return
    key = keys["level"]
    level = faults.attempt(key, lambda: _number("level", table["level"]))
    if level is not None and not 0 < level < 1:
        percent = f"; {level:g} % is {level / 100:g}" if 1 < level < 100 else ""
        faults.add(key, f"expected a share between 0 and 1, found {level:g}{percent}")
    if not ends:
        faults.add(key, "needs the low or the high end of the interval beside it")


def _impossible(name: str, number: float, reference: float | None, *, positive: bool) -> str:
    """Say why a statistic cannot have a value; nothing where it can."""
    if name == "probability":
        if not 0 <= number <= 1:
            percent = f"; {number:g} % is {number / 100:g}" if 1 < number <= 100 else ""
            return f"expected a share from 0 to 1, found {number:g}{percent}"
        return (
            ""
            if reference is not None
            else "needs the output's reference: it is the share of draws at or above that"
        )
    if name == "sd":
        return "" if number >= 0 else f"expected a standard deviation of at least 0, found {number:g}"
    return "expected a positive figure on a log10 scale" if positive and number <= 0 else ""


def _digits(given: Any, statistics: tuple[str, ...], key: str, faults: Faults) -> dict[str, int]:
    """Return the digits that figures carry: a number holds for the first, a table names them."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        given = dict.fromkeys(statistics[:1], given)
    else:
        for name in given.keys() - set(statistics):
            faults.add(f"{key}.{name}", f"there is no such figure here{suggestion(name, statistics)}")
    for number in given.values():
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_DIGITS:
            faults.add(
                key, f"expected a whole number from 1 to {MOST_DIGITS}, or a table of them by statistic"
            )
            return {}
    return dict(given)


def _check_order(figures: list[Figure], keys: Mapping[str, str], faults: Faults) -> None:
    """Record quantiles that fall where their probabilities rise."""
    ordered = sorted(
        ((f.probability, f) for f in figures if f.probability is not None), key=lambda pair: pair[0]
    )
    for (below, low), (above, high) in pairwise(ordered):
        if above - below > 1e-9 and low.value > high.value:
            faults.add(
                keys[low.statistic],
                f"expected at most {high.statistic} ({high.value:g}), found {low.value:g}",
            )
