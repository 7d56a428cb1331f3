"""Numbers of things that differ by row, and prices in several currencies, are no data of one thing."""

import pytest

from uncertainty.distributions.language import parse_distribution
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.fitting.columns import read_values

MIXED = ["USD", "EUR", "USD", "GBP"]


def written(tmp_path, headings, *columns):
    path = tmp_path / "d.csv"
    rows = [headings, *(",".join(map(str, row)) for row in zip(*columns, strict=True))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("heading", ["currency", "Currency Code", "Währung", "devise", "cur", "Moneda"])
@pytest.mark.parametrize("price", ["price", "Unit cost", "Betrag"])
def test_prices_in_several_currencies_are_refused_and_masses_beside_them_are_not(heading, price, tmp_path):
    path = written(tmp_path, f"mass,{price},{heading}", [1, 2, 3, 4], [5, 6, 7, 9], MIXED)
    said = rf'{price}: "{heading}" \(column C\) says "USD" \(line 2\) and "EUR" \(line 3\); write all'
    with pytest.raises(StudyError, match=said):
        read_values(path, price)
    assert not read_values(path, "mass").notes
    assert read_values(written(tmp_path, f"{price},paid in", [5, 6, 7, 9], MIXED), price).values.size == 4
    same = written(tmp_path, f"{price},{heading}", [5, 6, 7, 9], ["EUR", "€", "eur", ""])
    assert not read_values(same, price).notes


def test_what_may_be_money_is_told_to_be_read_in_one_unit(tmp_path):
    path = written(tmp_path, "country,people,currency", "abcd", [5, 6, 7, 9], MIXED)
    assert read_values(path, "people").notes == (
        '"currency" (column C) says "USD" (line 2) and "EUR" (line 3); people is read in one unit.',
    )
    path = written(tmp_path, "fee,stock,currency,people", [1, 2, 4, 9], [5, 6, 7, 9], MIXED, [1, 2, 5, 9])
    assert [bool(read_values(path, each).notes) for each in ("stock", "people")] == [True, True]
    own = written(tmp_path, "x,x_currency,y", [1, 2, 4, 9], MIXED, [5, 6, 7, 9])
    with pytest.raises(StudyError, match="x: "):
        read_values(own, "x")
    assert not read_values(own, "y").notes


def test_a_sheet_s_currencies_are_read_as_those_of_a_csv_file(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("price", "currency"), *zip([1, 2, 5, 9], MIXED, strict=True)]:
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    with pytest.raises(StudyError, match=r'says "USD" \(Sheet, row 2\) and "EUR" \(Sheet, row 3\)'):
        read_values(tmp_path / "d.xlsx", "price")


@pytest.mark.parametrize(
    "heading", ["Indicator", "Series Name", "Indicator_Name", "Element", "Variable", "Flow"]
)
@pytest.mark.parametrize("number", ["Value", "OBS_VALUE", "2020", "2020 [YR2020]"])
def test_numbers_of_different_things_are_refused(heading, number, tmp_path):
    said = ["CO2 emissions (kt)", "Energy use", "CO2 emissions (kt)", "Energy use"]
    path = written(tmp_path, f"geo,{heading},{number}", "aabb", said, [1, 2, 3, 5])
    with pytest.raises(
        StudyError, match=r'says "CO2 emissions \(kt\)" \(line 2\) and "Energy use" \(line 3\)'
    ):
        read_values(path, number)
    with pytest.raises(InvalidValue, match="keep the rows of one"):
        parse_distribution(f"empirical('d.csv', '{number}')", folder=tmp_path)
    one = written(tmp_path, f"geo,{heading},{number}", "aabb", said[:1] * 4, [1, 2, 3, 5])
    assert read_values(one, number).values.size == 4


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("Item,Value", ["Wheat", "Barley", "Wheat", "Barley"]),
        ("Measure,value", ["Insulation", "Heat pumps", "Wind power", "Solar roofs"]),
        ("Indicator,Value", ["yes", "no", "yes", "no"]),
        ("Indicator,height", ["green", "amber", "green", "amber"]),
        ("flow,value", [1.5, 2.5, 3.5, 4.5]),
    ],
)
def test_numbers_of_alike_things_are_data(headings, said, tmp_path):
    path = written(tmp_path, headings, said, [1, 2, 3, 5])
    assert read_values(path, headings.partition(",")[2]).values.size == 4
