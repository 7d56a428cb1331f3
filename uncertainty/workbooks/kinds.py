"""What the words of headings and of rows say of the numbers there: quantities, prices, shares or cases."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from uncertainty.late import regex
from uncertainty.units.other_names import PER
from uncertainty.units.written import without_money
from uncertainty.workbooks.dimensions import Made, of_unit

_WORDS_OF_FACTORS = (
    "price prices cost costs rate rates tariff tariffs wage wages salary fee fees factor factors ef "
    "gwp cf coefficient efficiency density abs absorbance dil dilution preis preise kosten faktor "
    "tarif einheitspreis einzelpreis stückpreis ep wirkungsgrad dichte prix coût coûts facteur precio "
    "coste"
)
_FACTORS = frozenset(_WORDS_OF_FACTORS.split())
"""Words of what the quantity of a row is multiplied or divided by."""
_PER_UNIT = regex(
    r"(?i:per|je|pro|par|por)[ _](?i:unit|einheit|unité|unidad)\b|(?i:faktor|preis|tarif|kosten)\b"
)
"""As in "kg CO2e per unit", beside which a column "Unit" has what that is per, and in "Emissionsfaktor"."""
_WORDS_OF_OTHERS = (
    "share shares fraction proportion percent percentage ratio relative rel number no nr n id ref "
    "count lifetime life age score quality pedigree rank probability gsd cv discount vat tax note "
    "page row anteil lebensdauer anzahl part année nombre durée dof freedom year years hours days "
    "jahr jahre stunden tage"
)
_OTHERS = frozenset(_WORDS_OF_OTHERS.split())
"""Words of what is no quantity in the row's unit."""
_QUANTITIES = frozenset(
    {"quantity", "quantities", "qty", "menge", "mengen", "quantité", "quantités", "cantidad"}
)
"""What heads the quantity of a row, beside whatever else."""
_VALUES = frozenset(
    {"value", "values", "amount", "amounts", "wert", "werte", "valeur", "valeurs", "valor", "point"}
)
"""What heads it where no quantity stands beside it."""
_WORDS_OF_SCENARIOS = (
    "case cases scenario scenarios variant variants option options shock pathway policy reform "
    "szenario szenarien fall variante varianten scénario cas variantes escenario caso"
)
_SCENARIOS = frozenset(_WORDS_OF_SCENARIOS.split())
"""Words of columns that hold the quantities of all rows once more, whatever else they are called by."""
_WORDS_OF_CASES = (
    "base baseline bau central likely most typical median mean average mode mid middle nominal expected "
    "active default reference estimate best worst guess current today existing actual budget plan planned "
    "target opt pess optimistic pessimistic forecast fy q phase mittel ist soll value values wert "
    "year jahr année month monat week day jan feb mar apr may jun jul aug sep sept oct nov dec january "
    "february march april june july august september october november december mär mrz mai okt dez januar "
    "februar märz juni juli oktober dezember"
)
_CASES = _SCENARIOS | frozenset(_WORDS_OF_CASES.split())
"""Words of which such headings consist."""
_CASE = regex(r"[A-H]|(?:FY ?)?(?:19|20)\d\d ?[A-Za-z]?")
"""The letter of a scenario, and a year that may be an estimate."""
_PER_CENT = regex(r"(?<!\d)(?<!\d )%")
"""Of headings that are no percentiles."""
_WORD = regex(r"[^\W\d_]+")
RATIO = regex(rf"/|\b(?:per|{PER})\b", re.IGNORECASE)


class Kind(NamedTuple):
    """What a heading says of its column.

    Parameters
    ----------
    name
        Its words, without digits, and without letters that stand beside words.
    is_factor
        Whether it heads what the quantity of a row is multiplied by.
    is_another
        Whether it heads something else than that quantity.
    is_case
        Whether it heads that quantity in a year, a scenario or the like.
    is_quantity
        Whether it heads that quantity, whatever else stands beside it.
    is_value
        Whether it heads numbers of whatever.
    """

    name: str
    is_factor: bool
    is_another: bool
    is_case: bool
    is_quantity: bool
    is_value: bool


@lru_cache(maxsize=4096)
def kind_of(text: str) -> Kind:
    """Return what a heading says of its column."""
    every = _WORD.findall(text.casefold())
    has_digits = any(map(str.isdigit, text))
    words = frozenset(every)
    is_scenario = bool(words & _SCENARIOS)
    # "Base year" and "Year 1" are columns of cases, "Year" is one of years
    is_case = (
        is_scenario
        or _CASE.fullmatch(text) is not None
        or (words <= _CASES and (has_digits or bool(words - _OTHERS)))
    )
    is_factor = not is_scenario and (bool(words & _FACTORS) or _PER_UNIT.search(text) is not None)
    is_another = is_factor or (not is_case and bool(words & _OTHERS)) or _PER_CENT.search(text) is not None
    return Kind(
        " ".join([each for each in every if len(each) > 1] or every),
        is_factor,
        is_another,
        is_case,
        bool(words & _QUANTITIES),
        bool(words & _VALUES),
    )


_WORDS_OF_NAMES = "tax vat discount life part year jahr année no nr n id ref page row note"
_WORDS_OF_ROWS = (
    "weight weights weighting gewicht gewichtung headcount fte growth wachstum steigerung zuwachs taux tasa "
    "zinssatz"
)
_ROWS = (_OTHERS | frozenset(_WORDS_OF_ROWS.split())) - frozenset(_WORDS_OF_NAMES.split())
"""Words of rows that are rather of something else than the columns they stand in."""
_WORDS_OF_COSTS = (
    "price prices cost costs fee fees wage wages salary preis preise kosten prix coût coûts coste"
)
_COSTS = frozenset(_WORDS_OF_COSTS.split())


def is_share(name: str) -> bool:
    """Tell whether a row is called a percentage, as "% of label claim" is, and no percentile."""
    return _PER_CENT.search(name) is not None


def is_of_another_kind(name: str, text: str) -> bool:
    """Tell whether a row is called as what is rather in another unit than that of its column.

    A number of flats, a share or a factor stands among euros or tonnes as in a list of assumptions.
    """
    words = frozenset(_WORD.findall(name.casefold()))
    is_money = without_money(text) != text
    if of_unit(text).is_of_kind(Made()) or (is_money and words & _COSTS):
        return False
    is_factor = bool(words & _FACTORS) and not RATIO.search(text)
    return is_factor or bool(words & _ROWS) or name == "n" or is_share(name)


def is_per(heading: str, text: str) -> bool:
    """Tell whether a number is rather one per unit: a price or a factor beside what is no ratio."""
    is_own = RATIO.search(text) or without_money(text) != text or of_unit(text).is_of_kind(Made())
    return not is_own and kind_of(heading).is_factor
