import json
import random

import pytest

from uncertainty.errors import InvalidValue
from uncertainty.units import prepared, preparing, system
from uncertainty.units.usage import TAKES

COUNTED = ("page", "query", "person", "box", "bag")


def test_the_table_is_pints():
    assert preparing.table(system.pint_registry()) == json.loads(prepared.TABLE.read_text(encoding="utf-8"))


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
    prefixed = sorted(prefix + unit for unit, prefixes in TAKES.items() for prefix in prefixes)
    return [*sorted(filter(vocabulary.is_unit, vocabulary.names)), *prefixed]


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
    for text in texts(random.Random(1), 200):  # noqa: S311 - no secret
        compare(text)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_every_name_and_many_products_read_from_the_table_are_pints_to_the_bit():
    for text in [*names(), *texts(random.Random(2), 2000)]:  # noqa: S311 - no secret
        compare(text)


@pytest.mark.parametrize("text", ["degC", "kWhh", "g squared", "2 g", "g**page", "g/", "g+g"])
def test_what_is_out_of_the_ordinary_is_left_to_pint(text):
    with pytest.raises(prepared.Unprepared):
        system._words(COUNTED).read(text, system._vocabulary(COUNTED))
