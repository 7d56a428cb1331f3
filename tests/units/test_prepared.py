import json
import math
import random

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.units import prepared, preparing, system
from uncertainty.units.usage import TAKES

COUNTED = ("page", "query", "person", "box", "bag")


def test_the_table_is_pints():
    # names that came to pint or left it in some version are in the table or not
    of_pint = preparing.table(system.pint_registry())
    table = json.loads(prepared.TABLE.read_text(encoding="utf-8"))
    assert set(of_pint) == set(table)
    for part in ("units", "prefixes", "dimensions", "base"):
        shared = of_pint[part].keys() & table[part].keys()
        assert len(shared) > 0.95 * len(table[part]), part
        assert {name: of_pint[part][name] for name in shared} == {name: table[part][name] for name in shared}
    shared = of_pint["names"].keys() & table["names"].keys()
    assert len(shared) > 0.95 * len(table["names"])
    assert {name: of_pint["names"][name] for name in shared} == {
        name: table["names"][name] for name in shared
    }
    assert of_pint["known_dimensions"] == table["known_dimensions"]


def test_land_is_measured_in_international_feet():
    # NIST Handbook 44 (2023), appendix C
    assert system.UnitSystem(()).parse("acre").factor == pytest.approx(4046.8564224, rel=1e-14)
    assert system.UnitSystem(()).parse("survey_acre").factor == pytest.approx(4046.872609874252, rel=1e-14)
    assert system.UnitSystem(()).parse("fathom").factor == pytest.approx(1.8288, rel=1e-14)
    assert 6400 * system._registry(())("mil").to_base_units().magnitude == pytest.approx(2 * math.pi)


def texts(draw, count):
    """Return names alone, and products, ratios and powers of them in the ways in which people write."""
    words = [*names(), *COUNTED, "queries", "megaquery", "kpage", "people", "boxes", "pages", "%"]

    def term():
        return draw.choice(words) + draw.choice([*[""] * 6, "**2", "^3", "**-1", "²", " ** (1/2)", "**0.5"])

    def text():
        product = term() + draw.choice(["*", "/", " ", "·", " / ", " per "]) + term()
        return draw.choice([term(), product, f"{term()}/({product})", f"1/{term()}", f"{product} {term()}"])

    return [text() for _ in range(count)]


def names():
    """Return every name of a unit, and those with a prefix that people write."""
    vocabulary = system._vocabulary(COUNTED)
    # one name or another is unknown to some of pint's versions
    registry = system._registry(COUNTED)
    prefixed = sorted(prefix + unit for unit, prefixes in TAKES.items() for prefix in prefixes)
    return [*sorted(filter(vocabulary.is_unit, registry)), *prefixed]


def answer(read):
    try:
        unit = read()
    except InvalidValue:
        return None
    return unit.factor.hex(), unit.dimension


def compare(text):
    """Hold what the table says of a text to pint."""
    try:
        plain = system._plain(text)
    except InvalidValue:
        return
    by_pint = answer(lambda: system._read_by_pint(COUNTED, plain, text))
    try:
        factor, dimension = system._words(COUNTED).read(plain, system._vocabulary(COUNTED))
    except prepared.Unprepared:
        # names with letters that are not ASCII are left to pint
        assert by_pint is None or not text.isascii(), text
    else:
        assert (factor.hex(), dimension) == by_pint, text


def test_units_read_from_the_table_are_pints_to_the_bit():
    for text in texts(random.Random(1), 200):
        compare(text)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_name_and_many_products_read_from_the_table_are_pints_to_the_bit():
    for text in [*names(), *texts(random.Random(2), 2000)]:
        compare(text)


@pytest.mark.parametrize("text", ["degC", "kWhh", "g squared", "2 g", "g**page", "g/", "g+g"])
def test_what_is_out_of_the_ordinary_is_left_to_pint(text):
    with pytest.raises(prepared.Unprepared):
        system._words(COUNTED).read(text, system._vocabulary(COUNTED))
