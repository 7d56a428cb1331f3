"""Units that a table says elsewhere than over its numbers: these must be those of what is read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.distributions import data_columns
from uncertainty.errors import InvalidValue
from uncertainty.late import regex
from uncertainty.study.heading_units import degrees_in, is_one, readings
from uncertainty.study.named_units import Named, named_units
from uncertainty.study.table_units import of_a_year, refuse_heading_of_another_unit, refuse_other_units
from uncertainty.units.guesses import is_symbol, unit_at_end
from uncertainty.units.other_names import with_other_money
from uncertainty.units.written import is_of_time, money_of, without_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from uncertainty.distributions import Distribution
    from uncertainty.study.heading_units import Reading
    from uncertainty.tables.corners import Elsewhere
    from uncertainty.units import Unit, UnitSystem

_CODE = regex(r"[A-Z]{3}")
_WORDS = regex(r"[^\W_]+")
_CALLING = ("name", "names", "label", "code", "id", "type")
_OF_YEARS = (
    "date",
    "time",
    "period",
    "year",
    "years",
    "jahr",
    "jahre",
    "datum",
    "année",
    "an",
    "año",
    "anno",
    "ano",
)
_NOTHING = regex(r"[-–—/\\.]|(?:19|20)\d\d")
"""A stroke, or a year."""
_BRACKETS = regex(r"[(\[](?P<said>[^()\[\]]{1,40})[)\]]$")
_IN = regex(r".*\S\s+(?i:in)\s+(?P<said>\S.{0,40})")


def refuse_data_of_other_units(distribution: Distribution, unit: str, system: UnitSystem) -> None:
    """Refuse data of a distribution whose table says another unit, over them, beside them or elsewhere.

    Raises
    ------
    InvalidValue
        With what says it.
    """
    for column in data_columns(distribution):
        file = f'"{column.file}"'
        refuse_heading_of_another_unit(file, column.heading, [unit], system)
        refuse_other_units(file, column.units, {unit: [unit]}, system)
        refuse_units_elsewhere(file, column.elsewhere, [unit], system)


def refuse_units_elsewhere(
    file: str, found: Iterable[Elsewhere], units: Sequence[str], system: UnitSystem
) -> None:
    """Refuse a table that says another unit in its corner, of what it measures or under a currency.

    Parameters
    ----------
    file
        How the file is called, for the message.
    units
        That of what is read, and others that may be said of it.

    Raises
    ------
    InvalidValue
        If a text says a unit, and none of these.
    """
    known = _known(units, system)
    with_years = _known((*units, *of_a_year(units, system)), system)
    for each in found if known else ():
        where = f"{file}, {each.place}" if each.place else file
        if each.kind in ("indicator", "thing"):
            is_loose = each.kind == "thing"
            refuse_heading_of_another_unit(where, each.said, units, system, is_loose=is_loose, name=each.name)
            continue
        said = _said(each, known, with_years, system)
        if said:
            raise InvalidValue(
                f'{where}: {each.name} says "{said}", and what is read is in "{units[0]}"; '
                "mend one of the two, or give that column another heading"
            )


def currency_note(each: Elsewhere, name: str, units: Sequence[str], system: UnitSystem) -> str:
    """Say in which money a number is read whose column of currencies says no money that is known."""
    known = _known(units, system)
    own = {money for unit in known for money in _money(unit, system)}
    is_read = not own or each.said.lower() in money_of(own) or is_one_of(each.said, [*own], system)
    return "" if is_read else f'{each.name} says "{each.said}", and {name} is read {read_as(units[0])}.'


def _said(each: Elsewhere, known: Sequence[Unit], with_years: Sequence[Unit], system: UnitSystem) -> str:
    """Return the other unit that a text says; nothing where it says none."""
    if each.kind == "currency":
        return each.said if _is_other_money(each.said, known, system) else ""
    if each.is_of_all:
        return _other_of_all(each, with_years, system)
    if each.kind == "name":
        return _other_at_end(each.said, with_years, system)
    return each.said if _is_other(each.said, with_years, system) else ""


def _other_at_end(heading: str, known: Sequence[Unit], system: UnitSystem) -> str:
    """Return another unit at the end of a heading of names, the longest that is like those read."""
    for each in _ends(heading, system):
        alike = [
            way
            for way in each.ways
            if any(_is_alike(r, u, system) for r in readings(way, system) for u in known)
        ]
        if alike:
            return each.written if all(_is_other(way, known, system) for way in alike) else ""
    return ""


def _ends(heading: str, system: UnitSystem) -> list[Named]:
    """Return the units that a heading of names may end in.

    Behind "in" it may be any; elsewhere it is a symbol, since "Grain" and "Hour" call what stands below.
    """
    found = _IN.fullmatch(heading)
    return [
        *([Named(found["said"], (found["said"],))] if found else []),
        *(
            each
            for each in named_units(heading, system)
            if (is_symbol(each.written) or each.written in ("%", "‰")) and not any(map(is_of_time, each.ways))
        ),
    ]


def _other_of_all(each: Elsewhere, known: Sequence[Unit], system: UnitSystem) -> str:
    """Return another unit of whatever quantity that a corner says of all numbers."""
    for end in _said_of_all(each, system):
        ways = [reading for way in end.ways for reading in readings(way, system)]
        if _is_among(ways, known, system):
            return ""
        is_unit = is_symbol(end.written) and any(way.unit and not is_one(way.unit) for way in ways)
        if is_unit or any(
            way.is_sure or way.is_money or _is_alike(way, unit, system) for way in ways for unit in known
        ):
            return end.written
    return ""


def _said_of_all(each: Elsewhere, system: UnitSystem) -> list[Named]:
    return _ends(each.said, system) if each.kind == "name" else [Named(each.said, (each.said,))]


def is_of_members(heading: str, across: Sequence[str], units: Sequence[str], system: UnitSystem) -> bool:
    """Tell whether a corner says a unit like that of the members over the numbers, and none like theirs.

    Parameters
    ----------
    across
        The unit of these members; nothing where they have none.
    units
        That of the numbers, and others that may be said of them.
    """
    members, known = _known(across, system), _known(units, system)
    found = _BRACKETS.search(heading)
    said = [found["said"]] if found else [way for end in _ends(heading, system) for way in end.ways]
    ways = [way for each in said for way in readings(each, system)]
    if any(map(degrees_in, said)):
        ways += readings("K", system)
    return any(_is_alike(way, unit, system) for way in ways for unit in members) and not any(
        _is_alike(way, unit, system) for way in ways for unit in known
    )


def corner_note(
    each: Elsewhere,
    name: str,
    words: Iterable[str],
    units: Sequence[str],
    system: UnitSystem,
    *,
    is_of_years: bool = False,
) -> str:
    """Say that all numbers are read in a unit that their corner may not say; nothing where it does.

    Parameters
    ----------
    name
        Of what is read.
    words
        Of that and of its indices: a corner that has only these says nothing else.
    is_of_years
        Whether years stand below the corner.
    """
    known = _known((*units, *of_a_year(units, system)), system)
    found = _IN.fullmatch(each.said)
    ways = readings(found["said"] if found else each.said, system)
    is_called = each.kind == "name" and {*_WORDS.findall(each.said.lower())} <= {
        *words,
        *_CALLING,
        *(_OF_YEARS if is_of_years else ()),
    }
    if is_called or not known or _NOTHING.fullmatch(each.said) or _is_among(ways, known, system):
        return ""
    below = "years" if is_of_years else "names"
    says = f"is over {below}" if each.kind == "name" else f'says "{each.said}"'
    return f"{each.name} {says}, and {name} is read {read_as(units[0])}."


def read_as(unit: str) -> str:
    """Say how numbers of a unit are read."""
    return "as a pure number" if unit == "1" else f"in {unit}"


def is_one_of(said: str, units: Sequence[str], system: UnitSystem) -> bool:
    """Tell whether a text may be read as one of some units."""
    return _is_among(readings(said, system), _known(units, system), system)


def _is_among(ways: Iterable[Reading], known: Sequence[Unit], system: UnitSystem) -> bool:
    return any(way.is_same(unit, system) for way in ways for unit in known)


def name_in_another_unit(texts: Sequence[str], units: Sequence[str], system: UnitSystem) -> str:
    """Return the first name that ends in a unit like what is read, as "CO2 (kt)" does, and in another.

    Of names that all end in units, the first whose unit is another, whatever it is like.
    """
    known = _known((*units, *of_a_year(units, system)), system) if _known(units, system) else []
    ends = {text: end for text in texts if known and (end := unit_at_end(text))}
    ways = {text: readings(end, system) for text, end in ends.items()}
    are_all = len(ends) == len(texts)
    return next(
        (
            text
            for text, each in ways.items()
            if any(are_all or _is_alike(way, unit, system) for way in each for unit in known)
            and not any(way.is_same(unit, system) for way in each for unit in known)
        ),
        "",
    )


def other_unit_among(texts: Sequence[str], units: Sequence[str], system: UnitSystem) -> str:
    """Return the first other unit among texts that are all units, one of them like what is read."""
    known = _known((*units, *of_a_year(units, system)), system) if _known(units, system) else []
    alike = {
        each
        for each in texts
        if any(_is_alike(way, unit, system) for way in readings(each, system) for unit in known)
    }
    are_units = all(each in alike or is_symbol(without_in(each)) for each in texts)
    others = (each for each in texts if each not in alike or _is_other(each, known, system))
    return next(others, "") if alike and are_units else ""


def _known(units: Iterable[str], system: UnitSystem) -> list[Unit]:
    return [unit for each in units if (unit := system.find(each)) is not None]


def _is_other(said: str, known: Sequence[Unit], system: UnitSystem) -> bool:
    """Tell whether a corner says another unit like what is read; a table may hold other quantities, too."""
    ways = readings(said, system)
    is_said = any(_is_alike(way, unit, system) for way in ways for unit in known)
    return is_said and not any(way.is_same(unit, system) for way in ways for unit in known)


def _is_alike(way: Reading, unit: Unit, system: UnitSystem) -> bool:
    if unit.dimension.is_dimensionless:
        return False
    is_amount = [power for _, power in unit.dimension.powers] == [1]
    return way.is_like(unit) or (way.is_money and is_amount and bool(_money(unit, system)))


def _is_other_money(said: str, known: Sequence[Unit], system: UnitSystem) -> bool:
    """Tell whether a currency is none of what is read, where that is in any; other words are passed over."""
    own = {name for unit in known for name in _money(unit, system)}
    if not own:
        return False
    if named := money_of(system.counting_units).get(said.lower()):
        return named not in own
    _, others = with_other_money(said, system)
    if others.counting_units != system.counting_units or _CODE.fullmatch(said):
        return True
    ways = [way for way in readings(said, system) if way.is_money]
    return bool(ways) and not any(way.is_same(system.parse(name), system) for way in ways for name in own)


def _money(unit: Unit, system: UnitSystem) -> set[str]:
    return {*money_of(system.counting_units).values()} & {name for name, _ in unit.dimension.powers}
