"""Units whose symbol stands for something else beside some words: millions, and nautical miles.

Who writes "Shares outstanding (mm)" means millions of them, and "kg/nm" is what a ship burns. A thickness in
mm and a wavelength in nm are what most people have, and are what they say.
"""

from __future__ import annotations

from uncertainty.late import regex
from uncertainty.units.written import MONEY

_WORDS_OF_COUNTS = (
    "population populations people persons inhabitants residents users customers consumers clients "
    "subscribers members shares households homes dwellings flats passengers visitors tourists jobs "
    "workers employees staff vehicles cars trucks units number count views downloads tokens students "
    "pupils patients cases deaths births animals cattle revenue revenues sales turnover income profit "
    "loss ebitda ebit cost costs budget expenditure spending investment investments capex opex debt "
    "assets equity cash gdp bevölkerung einwohner nutzer kunden haushalte anzahl fahrzeuge umsatz "
    "kosten gewinn bip habitants ménages recettes coûts población habitantes hogares ventas costes "
    "ingresos dividends taxes liabilities receivables payables depreciation amortization earnings"
)
_COUNTS = frozenset(_WORDS_OF_COUNTS.split())
"""Words of what is counted in millions, and measured in no metres."""
_LENGTHS = regex(
    r"(?:length|width|height|depth|thickness|diameter|radius|distance|size|gap|spacing|pitch|perimeter|"
    r"circumference|clearance|wheelbase|rain(?:fall)?|precipitation|displacement|deflection|elevation|altitude|"
    r"länge|breite|höhe|tiefe|dicke|durchmesser|abstand|longueur|largeur|hauteur|épaisseur|diamètre)s?"
)
"""Words of what is measured in metres, whatever is counted beside them."""
_OF_MILLIONS = frozenset(["m", "mm"])

_MILE = regex(r"(?<![^\W_])nm(?!\w|\^|\*\*|[²³⁻])")
_WORD = regex(r"[^\W\d_]+|%")
_BESIDE_MILES = regex(
    r"[kMm]?g|[kM]?t|tonnes?|tons?|lbs?|[kMG]?Wh|[MGT]J|[mh]?[Ll]|lit(?:re|er)s?|gal|bbl|barrels?"
    rf"|pax|passengers?|persons?|kn|knots?|{'|'.join(filter(str.isalpha, (*MONEY, *MONEY.values())))}"
)
"""Units of freight, fuel, people and money, which nobody gives by the nanometre."""
_SIGNS = frozenset("$€£¥₹")
_WORDS_OF_WAYS = (
    "nautical mile miles seemeile seemeilen distance distances range ranges route routes voyage voyages leg "
    "legs trip trips speed speeds ship ships vessel vessels sailing sailed flight flights aircraft crossing "
    "port ports ferry ferries boat boats yacht cruise schiff schiffe strecke entfernung navire navires"
)
_OF_WAYS = frozenset(_WORDS_OF_WAYS.split())
"""Words of what may be given in nautical miles."""
_OF_SMALL = regex(
    r"wavelengths?|wellenlängen?|spectr.*|spektr.*|thickness|particles?|layers?|interlayer|pores?|lattice|bonds?|"
    r"atom.*|interatomic|molec.*|nano.*|diameter|radius|roughness|films?|optical|laser|excitation|"
    r"absorption|scan|tip|size|peak|bandwidth|crystal.*|intermolecular"
)
"""Words of what is given in nanometres."""
_OF_SHIPS = regex(
    r"(?<![^\W_])(?:(?i:nautical|maritime|voyages?|ships|sailing|seemeilen?|schiffe?|knots?)|kn)"
    r"(?![^\W_])"
)


def speaks_of_ships(text: str) -> bool:
    """Tell whether a text of a sheet says that it is of ships, or gives a speed in knots."""
    return _OF_SHIPS.search(text) is not None


def means_other(name: str, unit: str, *, is_of_ships: bool = False) -> bool:
    """Tell whether a unit may stand for something else: millions, or nautical miles.

    Parameters
    ----------
    name
        What is said to be in the unit.
    is_of_ships
        Whether what it stands in speaks of ships.

    Examples
    --------
    >>> means_other("Shares outstanding", "mm"), means_other("Rainfall", "mm"), means_other("Car width", "mm")
    (True, False, False)
    >>> means_other("Fuel", "kg/nm"), means_other("Distance", "nm"), means_other("Wavelength", "nm")
    (True, True, False)
    """
    words = _WORD.findall(name.casefold())
    if unit in _OF_MILLIONS:
        return not _COUNTS.isdisjoint(words) and not any(map(_LENGTHS.fullmatch, words))
    if not _MILE.search(unit):
        return False
    beside = any(map(_BESIDE_MILES.fullmatch, _WORD.findall(unit))) or not _SIGNS.isdisjoint(unit)
    is_way = not _OF_WAYS.isdisjoint(words) and not any(map(_OF_SMALL.fullmatch, words))
    return is_of_ships or beside or is_way
