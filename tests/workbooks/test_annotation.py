"""What a study says is written beside the cells of a copy, and nothing else of the workbook is touched."""

import re
import zipfile

import openpyxl
import pytest
from book_files import write_book
from openpyxl.chart import BarChart
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.utils import range_boundaries

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.workbooks.annotation import annotate
from uncertainty.workbooks.drawings import COLUMN, ROW, drawn_over
from uncertainty.workbooks.importing import import_workbook

MODEL = {
    "In puts": {"A2": "Price", "B2": 3, "C2": "<b>", "A3": "Amount", "B3": 40, "C3": 50},
    "Out": {"A5": "Cost", "B5": ("'In puts'!B2*('In puts'!B3+'In puts'!C3)", 270)},
}


@pytest.fixture
def model(tmp_path):
    return write_book(tmp_path / "model.xlsx", MODEL)


def run_of(tmp_path, model, change):
    path = tmp_path / "made.toml"
    path.write_text(change(import_workbook(model, ["Out!B5"]).text))
    return un.propagate(un.load_study(path), samples=4096)


def with_distributions(text):
    more = 'distribution = "uniform(2, 4)"\nsource = "a <survey> & more"\nbasis = "measured"'
    text = text.replace("point = 3\n", f"point = 3\n{more}\n")
    for amount in (40, 50):
        text = text.replace(f"point = {amount}\n", f'point = {amount}\ndistribution = "uniform(30, 60)"\n')
    return text


def test_distributions_intervals_and_the_place_of_the_stored_value_stand_beside_the_cells(tmp_path, model):
    copy = tmp_path / "copy.xlsx"
    assert annotate(model, copy, run_of(tmp_path, model, with_distributions)) == (4, [])
    book = openpyxl.load_workbook(copy)
    inputs, outputs = book["In puts"], book["Out"]
    assert [cell.value for cell in inputs[1]][4:] == [
        "Cell", "Distribution", "Interval", "Source", "Place of the stored value",
    ]  # fmt: skip
    assert [cell.value for cell in inputs[2]][4:8] == [
        "B2", "uniform(2, 4)", "2.10 to 3.90 (90 %)", "measured; a <survey> & more",
    ]  # fmt: skip
    assert inputs["E3"].value == "B3, C3"
    assert inputs["F3"].value == "B3: uniform(30, 60); C3: uniform(30, 60)"
    assert outputs["D5"].value == "B5"
    assert re.fullmatch(r"median 2\d\d", outputs["E5"].value)
    assert outputs["F5"].value.endswith("(95 %)")
    assert re.fullmatch(r"5\dth|5\dst|5\dnd|5\drd|49th", outputs["H5"].value.split()[0])


def test_a_stored_value_that_most_draws_are_has_their_share_for_a_place(tmp_path, model):
    """Below it lies no draw, and it is no unlikely value."""

    def change(text):
        return text.replace("point = 3\n", 'point = 3\ndistribution = "discrete(3, 4, weights=(0.8, 0.2))"\n')

    copy = tmp_path / "copy.xlsx"
    annotate(model, copy, run_of(tmp_path, model, change))
    assert openpyxl.load_workbook(copy)["Out"]["H5"].value == "80 % equal"


def test_of_an_output_what_does_not_vary_has_no_interval_and_what_has_no_figure_no_place(tmp_path, model):
    def figure_gone(text):
        return re.sub(r"(published|digits) = .*\n", "", with_distributions(text))

    copy = tmp_path / "copy.xlsx"
    for change, middle, interval, place in (
        (str, r"value 270", "", ""),
        (figure_gone, r"median 2\d\d", r".* \(95 %\)", ""),
    ):
        annotate(model, copy, run_of(tmp_path, model, change))
        row = [cell.value or "" for cell in openpyxl.load_workbook(copy)["Out"][5]][3:]
        assert all(map(re.fullmatch, ("B5", middle, interval, "", place), row)), row


def test_each_cell_of_a_line_has_its_own_distribution_beside_it(tmp_path):
    cells = {
        "A1": "Year", **{f"{c}1": 2025 + n for n, c in enumerate("BCD")}, "A2": "Use",
        **{f"{c}2": n + 3.0 for n, c in enumerate("BCD")}, "A3": "Bill",
        **{f"{c}3": (f"{c}2*2", 2 * (n + 3)) for n, c in enumerate("BCD")}, "B5": ("SUM(B3:D3)", 24),
    }  # fmt: skip
    model = write_book(tmp_path / "model.xlsx", {"S": cells})
    path = tmp_path / "made.toml"
    text = import_workbook(model, ["S!B5"]).text
    more = 'distribution = { "2025" = "2 to 4", "2027" = "4 to 6" }'
    path.write_text(text.replace('note = "S!B2:D2"', f'note = "S!B2:D2"\n{more}'))
    copy = tmp_path / "copy.xlsx"
    assert annotate(model, copy, un.propagate(un.load_study(path), samples=1024)) == (3, [])
    sheet = openpyxl.load_workbook(copy)["S"]
    assert sheet["F2"].value == "B2, D2"
    assert sheet["G2"].value == "B2: 2 to 4; D2: 4 to 6"


def test_a_workbook_with_other_formulas_or_results_is_refused_with_its_cells(tmp_path):
    def book(name, **cells):
        own = {"B1": 5, "B2": ("B1*2", 10), "B3": 0.2, "B4": ("B2*B3", 2), "B5": ("B4*B4", 4)}
        return write_book(tmp_path / name, {"S": {**own, **cells}})

    made, copy = tmp_path / "made.toml", tmp_path / "copy.xlsx"
    text = import_workbook(book("model.xlsx"), ["S!B5"]).text
    made.write_text(text.replace("point = 5", 'point = 5\ndistribution = "4 to 6"'))
    found = un.propagate(un.load_study(made), samples=256)
    advice = "; make the study anew, or name the workbook that it was made of"
    for cells, said in (
        ({"B5": ("B4*B4", 5)}, ["S!B5: 5 is stored, and 4 is published in the study"]),
        ({"B5": ("B4*B4", "#N/A")}, ["S!B5: #N/A is stored, and 4 is published in the study"]),
        ({"B5": ("B4*B4", "none")}, ['S!B5: the text "none" is stored, and 4 is published in the study']),
        ({"B5": ("B4*B4", " ")}, ["S!B5: an empty text is stored, and 4 is published in the study"]),
        ({"B2": ("B1*3", 10)}, ["S!B2: holds =B1*3, and the study was made of =B1*2"]),
        ({"B4": 2}, ["S!B4: holds no formula, and the study was made of =B2*B3"]),
        ({"B2": ("B1*2.5", 10)}, ["S!B2: holds =B1*2.5, and the study was made of =B1*2"]),
        ({"B1": 6, "B5": ("B4*B4+0", 5)}, ["S!B5: holds =B4*B4+0, and the study was made of =B4*B4"]),
    ):
        other = book("other.xlsx", **cells)
        with pytest.raises(StudyError) as caught:
            annotate(other, copy, found)
        assert str(caught.value).splitlines() == [f"{other}: {each}{advice}" for each in said]
        assert not copy.exists()
    moved = book("moved.xlsx", B1=7, B5=("B4*B4", None), B2=("B1*2", None), B4=("B2*B3", None))
    assert annotate(moved, copy, found) == (2, ["S!B1 (7, and 5 in the study)"])


def test_of_another_formula_that_alone_is_told_not_what_its_note_goes_on_with(tmp_path):
    def book(name, factor):
        formula = f'IF(A1&".. "="x.. ",0,ROUND(B1*{factor},1))'
        cells = {"A1": "y", "B1": 2.5, "B2": (formula, 5.0), "B3": ("B2+1", 6)}
        return write_book(tmp_path / name, {"S": cells})

    made, other = tmp_path / "made.toml", book("other.xlsx", 3)
    made.write_text(
        import_workbook(book("model.xlsx", 2), ["S!B2"]).text.replace(
            "point = 2.5", 'point = 2.5\ndistribution = "2 to 3"'
        )
    )
    assert "ROUND(…, 1) is left out" in made.read_text()
    with pytest.raises(StudyError) as caught:
        annotate(other, tmp_path / "copy.xlsx", un.propagate(un.load_study(made), samples=64))
    holds, was = (f'=IF(A1&".. "="x.. ",0,ROUND(B1*{n},1))' for n in (3, 2))
    assert f"S!B2: holds {holds}, and the study was made of {was}; make" in str(caught.value)


def test_intervals_have_the_units_of_the_study(tmp_path):
    cells = {"A1": "Mass (kg)", "B1": 5, "A2": "Both (kg)", "B2": ("B1*2", 10)}
    model, made, copy = tmp_path / "model.xlsx", tmp_path / "made.toml", tmp_path / "copy.xlsx"
    text = import_workbook(write_book(model, {"S": cells}), ["S!B2"], with_units=True).text
    made.write_text(text.replace("point = 5", 'point = 5\ndistribution = "uniform(4, 6)"'))
    annotate(model, copy, un.propagate(un.load_study(made), samples=1024))
    sheet = openpyxl.load_workbook(copy)["S"]
    assert [re.sub(r"[\d.]+", "N", sheet[cell].value) for cell in ("F1", "F2")] == [
        "N to N kg (N %)", "N to N kg (N %)",
    ]  # fmt: skip


def test_a_number_that_is_no_time_is_compared_as_it_stands(tmp_path):
    def book(name, stored):
        return write_book(
            tmp_path / name, {"S": {"A1": "Trip (h)", "B1": stored, "B2": ("B1*2", 2 * stored)}}
        )

    made = tmp_path / "made.toml"
    text = import_workbook(book("model.xlsx", 6.0), ["S!B2"], with_units=True).text
    text = re.sub(r"(published|digits) = .*\n", "", text)
    made.write_text(text.replace("point = 6", 'point = 6\ndistribution = "5 to 7"'))
    found = un.propagate(un.load_study(made), samples=64)
    others = annotate(book("other.xlsx", 0.25), tmp_path / "copy.xlsx", found).others
    assert others == ["S!B1 (0.25, and 6 in the study)"]


def test_of_long_formulas_that_differ_the_beginning_is_told(tmp_path):
    def book(name, more):
        return write_book(tmp_path / name, {"S": {"B1": 5, "B2": ("B1*2" + more * 40, 10)}})

    made = tmp_path / "made.toml"
    text = import_workbook(book("model.xlsx", "+0"), ["S!B2"]).text
    made.write_text(text.replace("point = 5", 'point = 5\ndistribution = "4 to 6"'))
    found = un.propagate(un.load_study(made), samples=64)
    one, other = (f"=B1*2{more * 40}"[:60] for more in ("-0", "+0"))
    with pytest.raises(
        StudyError, match=re.escape(f"S!B2: holds {one}, and the study was made of {other}; ")
    ):
        annotate(book("other.xlsx", "-0"), tmp_path / "copy.xlsx", found)


def test_what_a_sheet_says_of_its_width_takes_in_what_is_written_beside_it():
    from uncertainty.workbooks.annotation import _as_wide

    for before, after in (("A1:C5", "A1:I5"), ("B3", "B1:I3"), ("A2:Z9", "A1:Z9"), ("x", "x")):
        assert (
            _as_wide(f'<x:dimension ref="{before}"/>'.encode(), 9) == f'<x:dimension ref="{after}"/>'.encode()
        )


def test_nothing_else_of_the_workbook_is_touched(tmp_path, model):
    copy = tmp_path / "copy.xlsx"
    annotate(model, copy, run_of(tmp_path, model, with_distributions))
    with zipfile.ZipFile(model) as before, zipfile.ZipFile(copy) as after:
        assert before.namelist() == after.namelist()
        added = re.compile(rb'<c r="[D-I]\d+" t="inlineStr"><is><t>.*?</t></is></c>')
        for name in before.namelist():
            left = added.sub(b"", after.read(name)).replace(b'<row r="1"></row>', b"")
            assert left == before.read(name)


def test_remarks_stand_where_they_are_seen_or_nothing_is_written(tmp_path, model):
    found, copy = run_of(tmp_path, model, with_distributions), tmp_path / "copy.xlsx"

    def annotated(change):
        other = openpyxl.load_workbook(model)
        change(other["In puts"])
        path = tmp_path / "other.xlsx"
        other.save(path)
        with zipfile.ZipFile(path) as kept, zipfile.ZipFile(model) as stored:
            parts = {name: kept.read(name) for name in kept.namelist()}
            name = next(name for name in parts if name.endswith("sheet2.xml"))
            parts[name] = stored.read(next(each for each in stored.namelist() if each.endswith("sheet2.xml")))
        with zipfile.ZipFile(path, "w") as again:
            for name, content in parts.items():
                again.writestr(name, content)
        annotate(path, copy, found)
        with zipfile.ZipFile(copy) as done:
            return done.read("xl/worksheets/sheet1.xml").decode()

    def formatted(sheet):
        for cell in ("F2", "K2", "XFD3"):
            sheet[cell].font = openpyxl.styles.Font(bold=True)

    written = annotated(formatted)
    assert re.findall(r'<c r="(\w+2)"', written) == ["A2", "B2", "C2", "E2", "F2", "G2", "H2", "K2"], (
        "in order"
    )
    assert re.search(r'<c r="F2" s="\d+" t="inlineStr"', written), "a format stays"
    assert re.search(r'<c r="F3" t="inlineStr".*<c r="XFD3" s="\d+" t="n" />', written)
    assert '<c r="L2"' in annotated(lambda sheet: sheet.merge_cells("A1:J1")), "not below a title"
    assert '<c r="E2"' in annotated(lambda sheet: sheet.merge_cells("A9:J9")), "of rows without remarks"
    assert '<c r="P2"' in annotated(lambda sheet: sheet.add_chart(charted(), "E1")), "of 9 usual columns"
    assert '<c r="M2"' in annotated(lambda sheet: sheet.add_chart(between("E2:K4"))), "not below a chart"
    assert '<c r="E2"' in annotated(lambda sheet: sheet.add_chart(between("E4:K9"))), "nor beside one below"
    copy.unlink()
    for cell in ("XFC1", "XFD9", "XEZ3"):
        with pytest.raises(
            StudyError, match=rf"In puts: reaches to column {cell[:3]}, with no room to the right"
        ):
            annotated(lambda sheet, cell=cell: sheet.__setitem__(cell, 1))
    assert not copy.exists()
    assert '<c r="XFD2"' not in annotated(lambda sheet: sheet.__setitem__("XEX9", 1)), "the last with room"


def charted():
    chart = BarChart()
    chart.width, chart.height = 8.5 * COLUMN / 360_000, 5
    return chart


def between(cells):
    """Return a chart from the upper left corner of some cells to that of the last of them."""
    left, top, right, bottom = (each - 1 for each in range_boundaries(cells))
    chart = charted()
    chart.anchor = TwoCellAnchor(
        _from=AnchorMarker(col=left, row=top), to=AnchorMarker(col=right, row=bottom)
    )
    return chart


def test_all_drawings_of_a_sheet_are_found_and_others_parts_are_none(tmp_path):
    corners = "<x:{0}><x:col>{1}</x:col><x:colOff>7</x:colOff><x:row>{2}</x:row></x:{0}>"
    two = "<x:twoCellAnchor>" + corners.format("from", 1, 2) + corners.format("to", 4, 6)
    one = "<oneCellAnchor>" + corners.format("from", 0, 9).replace("x:", "")
    extents = f'<ext cx="{2 * COLUMN + 1}" cy="{ROW}"/><a:ext cx="99" cy="9"/>'
    relation = '<Relationship Id="r{}" Type="http://x/{}" Target="{}"/>'
    related = [
        ("drawing", "../drawings/drawing1.xml"),
        ("drawing", "/xl/gone.xml"),
        ("comments", "/xl/c.xml"),
    ]
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": "".join(relation.format(1, *each) for each in related),
        "xl/drawings/drawing1.xml": f'{two}<a:ext cx="5" cy="5"/>{one}{extents}<absoluteAnchor/>',
        "xl/c.xml": two,
    }
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        found = drawn_over(book, "xl/worksheets/sheet1.xml")
        assert [(each.top, each.left, each.bottom, each.right) for each in found] == [
            (3, 2, 7, 5),
            (10, 1, 11, 4),
        ]
        assert drawn_over(book, "xl/worksheets/sheet2.xml") == []


def test_a_study_that_names_no_cell_is_refused_and_leaves_no_copy(tmp_path, model):
    found = run_of(
        tmp_path, model, lambda text: re.sub('(note|source) = "(In puts|Out)!', r'\1 = "Elsewhere!', text)
    )
    with pytest.raises(StudyError, match="says nothing of its cells"):
        annotate(model, tmp_path / "copy.xlsx", found)
    assert not (tmp_path / "copy.xlsx").exists()


def test_rows_that_are_empty_elements_and_prefixes_are_written_as_they_are(tmp_path):
    from uncertainty.workbooks.annotation import Remark, _written
    from uncertainty.workbooks.cells import one_cell

    sheet = b'<x:worksheet><x:sheetData><x:row r="2" spans="1:2" ht="9"/></x:sheetData></x:worksheet>'
    found = _written(sheet, [Remark(one_cell("S", 2, 1), ("a", "", "", ""))], 4)
    assert b'<x:row r="2" ht="9"><x:c r="D2" t="inlineStr"><x:is><x:t>A2</x:t></x:is></x:c>' in found
    assert b'<x:sheetData><x:row r="1">' in found
    assert found.count(b"</x:row>") == 2
