"""What people write for units and mean by it: the tables behind `words`.

pint reads any prefix before any unit and knows hundreds of short names, so that ``mt`` is a milli-tonne to
it, ``unit`` a micro-nit, ``pp`` a printer's point.
"""

from __future__ import annotations

from types import MappingProxyType

PREFIXES = MappingProxyType(
    {
        "q": "quecto", "r": "ronto", "y": "yocto", "z": "zepto", "a": "atto", "f": "femto", "p": "pico",
        "n": "nano", "u": "micro", "µ": "micro", "μ": "micro", "mu": "micro", "mc": "micro", "m": "milli",
        "c": "centi", "d": "deci", "da": "deca", "h": "hecto", "k": "kilo", "M": "mega", "G": "giga",
        "T": "tera", "P": "peta", "E": "exa", "Z": "zetta", "Y": "yotta", "R": "ronna", "Q": "quetta",
        "Ki": "kibi", "Mi": "mebi", "Gi": "gibi", "Ti": "tebi", "Pi": "pebi", "Ei": "exbi", "Zi": "zebi",
        "Yi": "yobi",
    }
)  # fmt: skip
PREFIX_NAMES = (*dict.fromkeys(PREFIXES.values()), "deka", "semi", "demi", "sesqui")

_SMALL = "q r y z a f p n u µ μ m"
_ALL = f"{_SMALL} c d da h k M G T P E Z Y R Q"
_DATA = "k M G T P E Z Y R Q Ki Mi Gi Ti Pi Ei Zi Yi"
_ELECTRIC = "a f p n u µ μ m k M G"

_TAKEN = (
    (_ALL, "m mol Hz Pa J W Wb lm lx Bq Gy Sv kat eV Wh"),
    (f"{_SMALL} c d da h k M G T P E mc", "g"),
    (f"{_SMALL} c d h k M G mc", "L l"),
    (f"{_SMALL} k M G", "s K"),
    ("m d k M G", "bar"),
    (f"{_SMALL} h c d k M G T P E", "meter metre gram liter litre second sec watt joule hertz ohm volt"),
    (
        f"{_SMALL} h c d k M G T P E",
        "pascal newton mole calorie electronvolt watthour sievert gray becquerel",
    ),
    (_ELECTRIC, "A V C F H S N Ω rad sr cd"),
    (f"{_SMALL} k M G T", "tonne parsec"),
    (_DATA, "B bit byte bps baud Bd octet"),
    ("m k M G", "cal VA Da"),
    ("u µ μ m k", "Ah U"),
    ("p n u µ μ m k", "Ci"),
    ("n u µ μ m k", "G At"),
    ("f p n u µ μ m", "T M"),
    ("d M G", "t"),
    ("k M G", "a yr pc ly toe tTNT cps"),
    ("k M", "h ha ton_TNT pixel"),
    ("m c", "mHg mH2O"),
    ("c m", "P St"),
    ("m", "Gal rem torr atm hartree E_h Eh Ry darcy Oe RIU"),
    ("d k m", "tex"),
    ("k", "ft lb lbf gal psi acre Btu BTU rpm m_u"),
)
TAKES = MappingProxyType(
    {unit: frozenset(prefixes.split()) for prefixes, units in _TAKEN for unit in units.split()}
)
"""Which symbols of prefixes a unit takes, in the way in which the unit is written."""

PARTS_OF_MIXTURES = ("wt", "vol", "mol", "at", "w", "v", "m", "mass", "weight", "volume")
"""What a percentage of a mixture is counted by, as in "wt%" and "vol.-%"."""

MISREAD = MappingProxyType(
    {
        "ton": 'the US short ton, 907 kg; write "tonne" or "short_ton"',
        "kt": 'the knot, a speed; write "kilotonne" or "knot"',
        "mt": 'the milli-tonne, 1 kg; write "t" for a metric ton, "Mt" for a million',
        "MT": 'the megatesla, a magnetic field; write "t" for a metric ton, "Mt" for a million',
        "GT": 'the gigatesla, a magnetic field; write "Gt"',
        "kT": 'the kilotesla, a magnetic field; write "kilotonne"',
        "Tt": 'the tex of yarns; write "tex" or "teratonne"',
        "Tj": 'the jute of yarns; write "TJ"',
        "Nm": 'the metric yarn number; write "N*m" for newton metres, "nm" for nanometres',
        "kNm": 'a yarn number; write "kN*m" for kilonewton metres',
        "mNm": 'a yarn number; write "mN*m" for millinewton metres',
        "MNm": 'a yarn number; write "MN*m" for meganewton metres',
        "ppt": 'the pico-pint, a volume; write "permille" for parts per thousand, '
        '"ppb*permille" for parts per trillion',
        "pp": 'the printer\'s point, a length; write "%" for percentage points',
        "bp": 'the printer\'s point, a length; write "%" and a hundredth of the number for basis points',
        "pH": 'the picohenry, an inductance; write "1" for the pH, "picohenry" for the inductance',
        "gr": 'the grain, 65 mg; write "g" for grams, "grain" for grains',
        "ct": 'the carat, 0.2 g; write "carat", or add "cent" to counting_units',
        "AU": 'the absorbance unit; write "au" for the astronomical unit, "absorbance_unit" for the other',
        "b": 'the barn, an area; write "bit" or "byte", and "barn" for the area',
        "Gb": 'the gilbert, a magnetomotive force; write "Gbit" or "GB"',
        "mil": 'an angle, 1/6400 of a turn; write "thou" for a thousandth of an inch, "mrad" for an angle',
        "bbl": 'the US liquid barrel, 31.5 gallons; write "oil_bbl" for 42 gallons',
        "barrel": 'the US liquid barrel, 31.5 gallons; write "oil_barrel" for 42 gallons',
        "decade": 'a logarithmic step; write "year" and ten times the number',
        "k": 'Boltzmann\'s constant; write "K" for kelvin, the number in full for thousands',
        "c": 'the speed of light; write "speed_of_light", or add "cent" to counting_units',
        "e": 'the elementary charge; write "elementary_charge", or the number with its exponent',
        "R": 'the gas constant; write "molar_gas_constant" or "roentgen"',
        "M": 'the molar, a concentration; write "mol/L", or the number in full for millions',
        "D": 'the debye, a dipole moment; write "debye", or "day"',
        "P": 'the poise, a viscosity; write "poise"',
        "U": 'the enzyme unit, a catalytic activity; write "enzyme_unit"',
        "Gal": 'the galileo, an acceleration; write "gal" for gallons, "galileo" for the other',
        "MBtu": 'a million Btu, where the trade means a thousand; write "kBtu" or "megabritish_thermal_unit"',
        "MBTU": 'a million Btu, where the trade means a thousand; write "kBtu" or "megabritish_thermal_unit"',
        "th": 'a thousandth of an inch; write "thou", or the number in full for thousands',
        "dpi": 'the dry pint, a volume; write "dots_per_inch" or "dry_pint"',
        "cp": 'the cup, a volume; write "cP" for centipoise, "liquid_cup" for the cup',
        "li": 'the surveyor\'s link, a length; write "L" for litres, "survey_link" for the length',
        "rd": 'the rod, a length; write "rad" for radians, "ft" for feet',
        "pk": 'the peck, a volume; write "peck"',
        "dr": 'the dram, 1.8 g; write "avoirdupois_dram"',
        "gi": 'the gill, a volume; write "gill"',
        "sv": 'the sverdrup, a flow; write "Sv" for sievert, "sverdrup" for the flow',
        "Ly": 'the langley; write "ly" for the light-year, "langley" for the other',
        "Rd": 'the rutherford; write "rad", "rutherford" for the activity',
        "Cl": 'the clausius, an entropy; write "clausius"',
        "Ba": 'the barye, a pressure; write "barye"',
        "Bi": 'the biot, a current; write "biot"',
        "Ne": 'the English yarn number; write "number_english"',
        "Ta": 'the jute of yarns; write "aberdeen"',
        "eu": 'the entropy unit; write "entropy_unit", or add "euro" to counting_units',
        "at": 'the technical atmosphere, a pressure; write "technical_atmosphere"',
        "sft": 'the surveyor\'s foot, a length; write "ft**2" for square feet, "survey_foot" for the length',
        "rads": 'a dose, 0.01 gray; write "rad" for radians, "gray" for the dose',
        "px": 'a length, 1/96 inch; write "pixel" for pixels, "css_pixel" for the length',
        "grade": 'an angle, 1/400 of a turn; write "gon"',
        "St": 'the stokes, a viscosity; write "stokes", or add "item" to counting_units',
        "kilos": 'the kilosecond; write "kg"',
        "PS": 'the petasiemens; write "metric_horsepower"',
    }
)
"""Symbols and names that pint reads, how it reads them, and what to write instead."""

COUNTED = MappingProxyType(
    {
        "unit": ("the micro-nit, a luminance", "micronit"),
        "point": ("the printer's point, a length", "printers_point"),
        "bag": ("94 lb of cement", "lb"),
        "quarter": ("28 lb", "lb"),
        "link": ("the surveyor's link, a length", "survey_link"),
        "section": ("a square mile", "square_survey_mile"),
        "shot": ("3 tablespoons, a volume", "US_shot"),
        "cup": ("the US cup, a volume", "liquid_cup"),
        "fifth": ("a fifth of a gallon", "US_liquid_fifth"),
        "hand": ("4 inches", "inch"),
        "chain": ("66 feet", "ft"),
        "pole": ("16.5 feet", "ft"),
        "perch": ("16.5 feet", "ft"),
        "rod": ("16.5 feet", "ft"),
        "shake": ("10 nanoseconds", "ns"),
        "jute": ("a yarn number", "aberdeen"),
        "candle": ("the candela, a luminous intensity", "candela"),
        "pond": ("the gram-force", "gram_force"),
        "pc": ("the parsec, a length", "parsec"),
    }
)
"""Words for things that people count, how pint reads them, and what to write for that reading."""

SPELLINGS = MappingProxyType(
    {
        "mo": "month", "mth": "month", "wk": "week", "rev": "turn", "r": "turn", "rot": "turn",
        "kmh": "km/h", "kmph": "km/h", "mpg": "mile/gallon", "wp": "W", "kwp": "kW", "mwp": "MW",
        "gwp": "GW", "cal": "kcal", "mmbtu": "megabritish_thermal_unit", "Kb": "kbit", "kcal": "kcal",
        "gm": "g", "gms": "g", "ltr": "L", "sqm": "m**2", "sqft": "ft**2", "sq": "ft**2", "sf": "ft**2",
        "cbm": "m**3", "cum": "m**3", "cf": "ft**3", "scf": "ft**3", "cuft": "ft**3", "cu": "ft**3",
        "nm3": "m**3", "sm3": "m**3", "tkm": "t*km", "kilo": "kg", "ppmv": "ppm", "ppbv": "ppb",
        "ugm3": "ug/m**3", "mgm3": "mg/m**3", "ugl": "ug/L", "mgl": "mg/L", "mgkg": "mg/kg", "kgha": "kg/ha",
        "gpm": "gal/min", "lpm": "L/min", "cfs": "ft**3/s", "cfm": "ft**3/min", "kton": "kilotonne",
        "kt": "kilotonne", "kts": "knot", "mw": "MW", "mwh": "MWh", "mj": "MJ", "gt": "Gt",
        "celsius": "delta_degC",
        "nb": "1", "no": "1", "ratio": "1", "fraction": "1", "share": "1", "unitless": "1", "none": "1",
        "number": "1", "na": "1", "percentage": "%", "pct": "%",
    }
)  # fmt: skip
"""Abbreviations that are not pint's, in small letters, and what is written for them."""

SEVERAL = MappingProxyType(
    {
        "NM": 'write "nautical_mile", "N*m" or "nm"',
        "kb": 'write "kbit" or "kB"',
        "Mb": 'write "Mbit" or "MB"',
    }
    | {
        word: f'write "ft**3" and {times} times the number'
        for words, times in (
            ("ccf Ccf CCF", "a hundred"),
            ("mcf Mcf MCF", "a thousand"),
            ("mmcf MMcf MMCF", "a million"),
            ("bcf Bcf BCF", "a billion"),
            ("tcf Tcf TCF", "a trillion"),
        )
        for word in words.split()
    }
)
"""Words that stand for more than one unit, or for many of one, and what to write."""

AMOUNTS = frozenset(
    ["hundred", "thousand", "million", "billion", "trillion", "mn", "mio", "bn", "mrd", "mm", "dozen", "pair"]
)
MONEY = MappingProxyType(
    {"$": "dollar", "€": "euro", "£": "pound_sterling", "¥": "yen", "₹": "rupee"}
    | {code: code for code in ("usd", "eur", "gbp", "chf", "cny", "jpy", "inr", "aud", "cad", "nok", "sek")}
)
FREQUENT = (
    "kg", "mg", "km", "kW", "MW", "GW", "kWh", "MWh", "GWh", "TWh", "MJ", "GJ", "TJ", "kVA", "hPa",
    "kPa", "MPa", "GB", "MB", "kB", "TB", "mL", "hL", "Hz", "Btu", "megatonne", "kN", "mA", "Pa", "Mt", "Gt",
)  # fmt: skip
