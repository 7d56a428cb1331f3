"""Signs in headings and columns of currencies are read as units, or told."""

import pytest
from variants import one_in

import uncertainty as un
from uncertainty.errors import StudyError

STUDY = """format = 1
[study]
title = "Costs"
headline = "y"
counting_units = ["eur", "usd", "page"]
[indices]
geo = {{ members = {{ a = "A", b = "B" }} }}
[inputs.x]
unit = "{unit}"
index = ["geo"]
table = "d.csv"
columns = {{ geo = "geo", point = '{point}' }}
[outputs.y]
value = "sum(x, geo)"
unit = "{unit}"
"""


def noticed(tmp_path, unit, point, headings="geo,{}", beside=()):
    """Load a study of two numbers under a heading, and return what is told of them."""
    quoted = point.replace('"', '""')
    lines = [headings.format(f'"{quoted}"')]
    lines += [
        ",".join([geo, *filter(None, [each]), number])
        for geo, each, number in zip("AB", beside or ("", ""), ("0.12", "0.21"), strict=True)
    ]
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY.format(unit=unit, point=point), encoding="utf-8")
    return [each for each in un.load_study(tmp_path / "study.toml").noticed if "were read" not in each]


REFUSED = {
    "eur": "cost ($)|cost $|$ cost|$cost|cost_$|cost [$]|cost (¥)|cost (₽)|cost £|cost (￥)|cost (¢)",
    "%": "x (-)|x [-]|x (–)|x (--)|x -|x, -|x / -|x (― )|x [- -]|x {‐}|x (′)|x (㎏)|x ($)",
    "TJ": "x ($)|x (¥)|x (₺)|cost€|x (㎏)|x (㎡)|x (㎎/ℓ)|$x",
    "t": "mass (㎏)|mass, ㎏|mass ㎏|mass (ｋｇ)|mass ［㎏］",
    "hectare": "area (㎡)|area (㎢)",
    "MW": "power (㎾)",
    "g/L": "conc (㎎/L)",
    "mg/m**3": "conc (㎍/㎥)",
    "m": 'length (")|length (″)|height (′)',
    "rad": "angle (′)|angle (″)|angle (°)",
    "1": "share (%)|%share|share%|share (￥)",
}
TOLD = {
    "eur": "x (#)|x (′)|%x|x (-)|x (™?)|x (...)",
    "TJ": "x€|x (-)|x -|x (--)|x (±)|x (+)|x #|x (№)|%x|x (℃)|x (⌀)",
    "%": "x (#)|$x|x (?)|x <->|x-",
}
TAKEN = {
    "eur": "x (€)|x€|€x|x €|x_€|x, €|x (*)|x†|x*|x®",
    "usd": "x ($)|x $|$x",
    "%": "x (%)|%x|x%|x_%|x (％)|x",
    "1": "x (-)|x [–]|x -|x (1)",
    "kg": "x (㎏)|x ㎏|x (ｋｇ)|x（kg）",
    "inch": 'x (″)|x (")',
    "degree": "x (°)",
}


@pytest.mark.parametrize(("unit", "point"), [(u, h) for u, hs in REFUSED.items() for h in hs.split("|")])
def test_a_sign_of_another_unit_in_a_heading_is_refused(unit, point, tmp_path):
    with pytest.raises(StudyError, match="mend one of the two"):
        noticed(tmp_path, unit, point)


@pytest.mark.parametrize(("unit", "point"), [(u, h) for u, hs in TOLD.items() for h in hs.split("|")])
def test_a_sign_that_may_be_another_unit_is_told(unit, point, tmp_path):
    assert noticed(tmp_path, unit, point) == [f'd.csv: "{point}" is read in {unit}.']


@pytest.mark.parametrize(
    ("unit", "point"), one_in(3, [(u, h) for u, hs in TAKEN.items() for h in hs.split("|")])
)
def test_a_sign_of_the_unit_that_is_read_and_a_footnote_are_taken(unit, point, tmp_path):
    assert noticed(tmp_path, unit, point) == []


@pytest.mark.parametrize("heading", ["currency", "Währung", "ccy", "currency_name"])
@pytest.mark.parametrize("said", ["¥", "₽", "$", "£", "US dollars"])
def test_a_column_of_currencies_with_a_sign_of_other_money_is_refused(heading, said, tmp_path):
    with pytest.raises(StudyError, match=f'"{heading}" .column B. says'):
        noticed(tmp_path, "eur", "x", f"geo,{heading},{{}}", (said, said))


@pytest.mark.parametrize(
    ("said", "is_told"), [("pts", True), ("kr", True), ("€", False), ("Euro", False), ("euros", False)]
)
def test_a_column_of_currencies_with_an_unknown_word_is_told(said, is_told, tmp_path):
    told = f'd.csv: "currency" (column B) says "{said}", and x is read in eur.'
    assert noticed(tmp_path, "eur", "x", "geo,currency,{}", (said, said)) == ([told] if is_told else [])
    assert noticed(tmp_path, "TJ", "x", "geo,currency,{}", (said, said)) == []


@pytest.mark.parametrize(
    "said",
    ["Cost ($)", "Cost (¥)", "Costs in US dollars", "Costs in dollars", "Cost, US dollars"]
    + [f"Costs in {each}" for each in ("million US dollars", "constant 2015 US$", "billions of dollars")],
)
def test_an_indicator_in_other_money_is_refused(said, tmp_path):
    with pytest.raises(StudyError, match="and what is read is in"):
        noticed(tmp_path, "eur", "x", "geo,Indicator,{}", (f'"{said}"', f'"{said}"'))
    assert noticed(tmp_path, "eur", "x", "geo,Indicator,{}", ("Costs in euros", "Costs in euros")) == []


def test_two_units_that_a_column_says_are_named(tmp_path):
    told = noticed(tmp_path, "TJ", "x", "geo,unit,{}", ("TJ (NCV)", "TJ (GCV)"))
    assert told == ['d.csv: "unit" (column B) says "TJ (NCV)" and "TJ (GCV)", and x is read in TJ.']
