"""Rows of sheets become the parts of a study, and every cell that cannot be understood is told."""

import re

import pytest

import uncertainty as un
from uncertainty.study.sheets import headings_known, known_sheets, sheets_of, tables_of
from uncertainty.tables.sheets import Failed, Labelled, Percentage, Row, Sheet

INPUTS = Sheet(
    "inputs",
    ("name", "unit", "point"),
    [Row("row 2", {"name": "a", "unit": "kg", "point": 1})],
    place="row 1",
)

POINT = """
format = 1
[study]
title = "T"
headline = "y"
[inputs.a]
unit = "1"
point = "POINT"
[inputs.b]
unit = "1"
point = 2
[outputs.y]
unit = "1"
value = "a * b"
"""
A_RANGE = "may be a range; write one number here"
QUANTILES = "as the distribution if these are 5 % and 95 % quantiles"


def read(sheet, *rows, headings=None):
    """Read the rows of a sheet, beside one of an input of other sheets."""
    headings = headings or tuple(dict.fromkeys(heading for row in rows for heading in row))
    read = Sheet(sheet, headings, [Row(f"row {n}", row) for n, row in enumerate(rows, 2)], place="row 1")
    return tables_of([read] if sheet == "inputs" else [read, INPUTS], "f")


ROWS = [
    (
        "inputs",
        [{"name": "a", "unit": "kg", "point": "2.5", "distribution": "1 to 2", "low": "1e3", "note": 3.0}],
        {"inputs": {"a": {"unit": "kg", "point": 2.5, "distribution": "1 to 2", "low": 1000.0, "note": "3"}}},
        [],
        (),
    ),
    (
        "inputs",
        [
            {"name": "a", "unit": 1.0, "point": Percentage(0.15)},
            {"name": "b", "unit": "%", "point": Percentage(0.15)},
            {"name": "c", "unit": "kg", "point": Percentage(0.15)},
            {"name": "d", "unit": "1", "point": Percentage(2.0)},
        ],
        {
            "inputs": {
                "a": {"unit": "1", "point": 0.15},
                "b": {"unit": "%", "point": 15},
                "c": {"unit": "kg"},
                "d": {"unit": "1", "point": 2},
            }
        },
        [
            (
                'row 4: point: is shown as 15 % under the unit "kg"; format the cell as a number and write '
                "15 or 0.15, whichever is meant"
            ),
        ],
        ("inputs.c",),
    ),
    (
        "inputs",
        [
            {"name": "a", "unit": "kg", "point": Labelled(5.0, "kg")},
            {"name": "b", "unit": "t", "point": Labelled(5.5, "kg")},
            {"name": "c", "unit": "kg", "point": Labelled(5.0, "k")},
            {"name": "d", "unit": "1", "point": Labelled(5.0, "people")},
            {"name": "e", "unit": "trip", "point": Labelled(5.0, "trips")},
            {"name": "f", "unit": "kg", "point": Labelled(5.0, "-")},
            {"name": "g", "unit": "kg", "note": Labelled(5.0, "-")},
        ],
        {
            "inputs": {
                "a": {"unit": "kg", "point": 5},
                "b": {"unit": "t"},
                "c": {"unit": "kg"},
                "d": {"unit": "1", "point": 5},
                "e": {"unit": "trip", "point": 5},
                "f": {"unit": "kg", "point": 5},
                "g": {"unit": "kg", "note": "5"},
            }
        },
        [
            (
                'row 3: point: is shown as "5.5 kg" under the unit "t"; format the cell as a number and '
                "write it in that unit"
            ),
            'row 4: point: is shown as "5 k"; format the cell as a number and write the number in full',
        ],
        ("inputs.b", "inputs.c"),
    ),
    (
        "inputs",
        [
            {"name": "a", "unit": "kg", "point": Failed("#N/A")},
            {"name": Failed("#REF!"), "unit": "kg", "point": 1},
            {"name": "Net mass", "unit": "kg"},
            {"unit": "kg", "point": 1},
            {"name": "a", "unit": "g"},
        ],
        {"inputs": {"a": {"unit": "kg"}, "Net mass": {"unit": "kg"}}},
        [
            "row 2: point: holds the error #N/A; mend its formula, or write what it should show",
            "row 3: name: holds the error #REF!; mend its formula, or write what it should show",
            (
                "row 4: name: expected a name of lower-case letters, digits and underscores that begins "
                "with a letter, such as \"net_mass\", found 'Net mass'"
            ),
            "row 5: expected a name in the column name",
            'row 6: "a" stands here twice',
        ],
        ("inputs.a", "", 'inputs."Net mass"', "", "inputs.a"),
    ),
    (
        "inputs",
        [
            {"name": "a", "unit": "kg", "point": "=1+1"},
            {"name": "b", "point": "0,5"},
            {"name": "c", "point": "{ us = 1, de = 2.50 }"},
            {"name": "d", "point": "{ us"},
            {"name": "e", "point": True},
            {"name": "f", "point": "b * 2"},
            {"name": "g", "point": "10\N{EN DASH}14.5"},
            {"name": "h", "unit": "kg", "point": " 5 - 10"},
            {"name": "i", "point": "1-0.2"},
        ],
        {
            "inputs": {
                "a": {"unit": "kg"},
                "b": {},
                "c": {"point": {"us": 1, "de": 2.5}},
                "d": {},
                "e": {},
                "f": {"point": "b * 2"},
                "g": {},
                "h": {"unit": "kg"},
                "i": {"point": "1-0.2"},
            }
        },
        [
            "row 2: point: '=1+1' is a spreadsheet's formula; write what it calculates, without =",
            'row 3: point: "0,5" has a decimal comma; write 0.5',
            "row 5: point: expected a number, or values such as { us = 15 }",
            "row 6: point: expected a number, found true",
            f'row 8: point: "10\N{EN DASH}14.5" {A_RANGE}, and "10 to 14.5" {QUANTILES}',
            f'row 9: point: "5 - 10" {A_RANGE}, and "5 to 10" {QUANTILES}',
        ],
        ("inputs.a", "inputs.b", "inputs.d", "inputs.e", "inputs.g", "inputs.h"),
    ),
    (
        "inputs",
        [{"name": "a", "index": "c, d", "across": "same"}],
        {"inputs": {"a": {"index": ["c", "d"], "across": "same"}}},
        [],
        (),
    ),
    (
        "study",
        [
            {
                "title": "t",
                "headline": "y",
                "authors": "A; B",
                "compare": "y, z",
                "format": 1,
                "date": "2026-01-02 00:00:00",
            }
        ],
        {
            "study": {
                "title": "t",
                "headline": "y",
                "authors": ["A", "B"],
                "date": "2026-01-02",
                "compare": ["y", "z"],
            }
        },
        [],
        (),
    ),
    (
        "evidence",
        [{"input": "a", "value": 1, "low": 2}, {"input": "b", "value": 1}, {"input": "a", "value": "x"}],
        {"inputs": {"a": {"unit": "kg", "point": 1, "evidence": [{"value": 1, "low": 2}, {}]}}},
        ['row 3: input: unknown input "b"; known: a', "row 4: value: expected a number, found 'x'"],
        ("", "inputs.a.evidence[1]"),
    ),
    (
        "experts",
        [{"input": "a", "name": "E", "p5": 1, "weight": Percentage(0.5)}],
        {
            "inputs": {
                "a": {
                    "unit": "kg",
                    "point": 1,
                    "experts": [{"name": "E", "p5": 1, "weight": Percentage(0.5)}],
                }
            }
        },
        [],
        (),
    ),
    (
        "equations",
        [{"name": "s", "value": "a + b"}, {"name": "t", "value": 2, "unit": "kg"}, {"name": "s", "value": 1}],
        {"equations": {"s": "a + b", "t": {"value": 2, "unit": "kg"}}},
        ['row 4: "s" stands here twice'],
        ("equations.s",),
    ),
    (
        "outputs",
        [
            {"name": "y", "unit": "kg", "value": "a", "published": "{ mean = 3.40, sd = 1 }"},
            {"name": "z", "unit": "kg", "published": "{ x", "digits": 2.0, "log": "yes"},
        ],
        {
            "outputs": {
                "y": {"unit": "kg", "value": "a", "published": {"mean": 3.4, "sd": 1}},
                "z": {"unit": "kg", "digits": 2},
            }
        },
        [
            'outputs: unknown heading "log"',
            "row 3: published: expected a number, or statistics such as { mean = 3.34, sd = 0.21 }",
        ],
        ("outputs.z",),
    ),
    (
        "correlations",
        [
            {"inputs": "a, b", "spearman": 0.5},
            {"inputs": "a, b, c", "matrix": "1, 0.5, 0; 0.5, 1, 0; 0, 0, 1"},
        ],
        {
            "correlations": [
                {"inputs": ["a", "b"], "spearman": 0.5},
                {"inputs": ["a", "b", "c"], "matrix": [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]},
            ]
        },
        [],
        (),
    ),
    (
        "choices",
        [{"choice": "how", "label": "x"}],
        {"choices": {"how": {}}},
        ['choices: unknown heading "label"; known: choice, question, note'],
        (),
    ),
    (
        "options",
        [{"choice": "how", "option": "one", "label": "x"}],
        {"choices": {"how": {"options": {"one": {"label": "x"}}}}},
        [],
        (),
    ),
    (
        "option_equations",
        [
            {"choice": "how", "option": "one", "name": "y[us]", "value": "a"},
            {"choice": "how", "option": "one", "name": "s"},
        ],
        {"choices": {"how": {"options": {"one": {"equations": {"y[us]": "a"}}}}}},
        ["row 3: expected something in the column value"],
        ("",),
    ),
    (
        "option_inputs",
        [
            {"choice": "how", "option": "one", "name": "a", "value": "1 to 2"},
            {"choice": "how", "option": "one", "name": "b", "value": 2, "kind": "variability"},
        ],
        {
            "choices": {
                "how": {
                    "options": {
                        "one": {"inputs": {"a": "1 to 2", "b": {"distribution": 2, "kind": "variability"}}}
                    }
                }
            }
        },
        [],
        (),
    ),
    (
        "excluded",
        [{"when": "how = one, two; who = me", "because": "r"}],
        {"excluded": [{"when": {"how": ["one", "two"], "who": "me"}, "because": "r"}]},
        [],
        (),
    ),
    (
        "readings",
        [{"reading": "r", "label": "x"}],
        {"readings": {"r": {"label": "x"}}},
        [],
        (),
    ),
    (
        "reading_choices",
        [{"reading": "r", "choice": "how", "value": "one"}, {"reading": "r", "choice": "who"}],
        {"readings": {"r": {"choices": {"how": "one"}}}},
        ["row 3: expected something in the column value"],
        ("",),
    ),
    (
        "reading_inputs",
        [{"reading": "r", "name": "a", "value": "1 to 2"}],
        {"readings": {"r": {"inputs": {"a": "1 to 2"}}}},
        [],
        (),
    ),
    (
        "expect",
        [
            {"reading": "r", "output": "y", "value": 3},
            {"reading": "r", "output": "z", "value": "{ mean = 1 }", "digits": 2},
        ],
        {"readings": {"r": {"expect": {"y": {"value": 3}, "z": {"mean": 1, "digits": 2}}}}},
        [],
        (),
    ),
    (
        "observations",
        [{"name": "o", "quantity": "y", "value": 1, "sd": 0.5, "unit": "kg"}],
        {"observations": {"o": {"quantity": "y", "value": 1, "sd": 0.5, "unit": "kg"}}},
        [],
        (),
    ),
    (
        "sources",
        [
            {"name": "k", "title": "T", "year": 2020.0, "arxiv": 2303.06219},
            {"name": "l", "arxiv": 1412.5},
            {"name": "m", "authors": "A; B"},
        ],
        {
            "sources": {
                "k": {"title": "T", "year": 2020, "arxiv": "2303.06219"},
                "l": {"arxiv": "1412.5000"},
                "m": {"authors": ["A", "B"]},
            }
        },
        [],
        (),
    ),
    (
        "indices",
        [{"name": "c", "members": "us, de"}, {"name": "n", "members": "1; 2"}],
        {"indices": {"c": {"members": ["us", "de"]}, "n": {"members": ["1; 2"]}}},
        [],
        (),
    ),
    (
        "curves",
        [{"name": "d", "points": "0, 0; 1, 2", "unit": "1", "x_unit": "1"}],
        {"curves": {"d": {"x_unit": "1", "unit": "1", "points": [[0, 0], [1, 2]]}}},
        [],
        (),
    ),
]


@pytest.mark.parametrize(("sheet", "rows", "tables", "faults", "partial"), ROWS, ids=range(len(ROWS)))
def test_rows_become_parts_of_a_study(sheet, rows, tables, faults, partial):
    found = read(sheet, *rows)
    assert {key: found.tables[key] for key in tables} == tables
    assert found.tables["format"] == 1
    assert [str(fault).removeprefix("f: ") for fault in found.faults] == faults
    assert found.partial == partial


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        (("name", "unit", "value"), '"value"; did you mean "point"?'),
        (("name", "unit", "Base"), '"Base"; did you mean "point"?'),
        (("name", "unit", "point", "Minimum"), '"Minimum"; did you mean "low"?'),
        (("name", "unit", "point", "points"), '"points"'),
    ],
)
def test_no_heading_is_advised_that_the_sheet_has(headings, said):
    found = read("inputs", {}, headings=headings)
    assert str(found.faults[0]) == f"f: inputs: unknown heading {said}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2020-03-01 00:00:00", "2020-03-01"),
        ("2020-03-01 00:00:01", "2020-03-01 00:00:01"),
        ("read on 2020-03-01 00:00:00", "read on 2020-03-01 00:00:00"),
    ],
)
def test_a_day_in_a_cell_of_texts_has_no_time_of_day(cell, text):
    found = read("inputs", {"name": "x", "unit": "kg", "point": "5", "source": cell})
    assert found.tables["inputs"]["x"]["source"] == text


def test_a_heading_that_every_row_needs_is_missed():
    found = read("inputs", {"unit": "kg"}, headings=("nme", "unit"))
    assert [str(fault) for fault in found.faults] == [
        'f: inputs: unknown heading "nme"; did you mean "name"?',
        'f: row 1: has no heading "name"; expected headings such as name, unit, point',
    ]
    assert (found.tables, found.partial) == ({"format": 1}, ("inputs",))
    numbered = tables_of([Sheet("inputs", ("1",), [], numbered=True, place="row 1")], "f")
    assert [str(fault) for fault in numbered.faults] == [
        "f: inputs: expected headings in the first row, found numbers"
    ]
    assert tables_of([Sheet("inputs", (), [])], "f").faults == []


def test_a_truth_value_may_be_a_word():
    cells = {"yes": True, " No ": False, True: True, "0": False, 0.0: False, "TRUE": True}
    for cell, truth in cells.items():
        found = read("readings", {"reading": "r", "preferred": cell})
        assert (found.faults, found.tables["readings"]) == ([], {"r": {"preferred": truth}})
    for cell in ("x", 2):
        (fault,) = read("readings", {"reading": "r", "preferred": cell}).faults
        assert str(fault) == f"f: row 2: preferred: expected true or false, found {cell!r}"


@pytest.mark.parametrize(
    ("label", "unit", "same"),
    [
        ("kg", "kg", True),
        ("-", "kg", True),
        ("persons", "person", True),
        ("widget", "widgets", True),
        ("people", "1", True),
        ("kg", "g", False),
        ("EUR", "1", False),
        ("x", "kg", False),
    ],
)
def test_a_word_beside_a_number_says_its_unit_or_contradicts_it(label, unit, same):
    found = read("inputs", {"name": "a", "unit": unit, "point": Labelled(5.5, label)})
    said = f'f: row 2: point: is shown as "5.5 {label}" under the unit "{unit}"; '
    said += "format the cell as a number and write it in that unit"
    assert [str(fault) for fault in found.faults] == ([] if same else [said])
    assert found.tables["inputs"]["a"].get("point") == (5.5 if same else None)


def test_sheets_are_known_by_their_names():
    assert known_sheets(["x"]) == {"x": "inputs"}
    assert known_sheets(["x", "y"]) == {}
    assert known_sheets(["inputs", "z"]) == {"inputs": "inputs"}
    assert known_sheets(["outputs"]) == {"outputs": "outputs"}
    assert headings_known("choices") == ("choice", "question", "note")
    assert headings_known("anything") == headings_known("inputs")


def test_the_format_stands_in_the_sheet_of_the_study():
    (found,) = (each for each in sheets_of({"format": 1, "study": {"title": "t"}}) if each.name == "study")
    assert [row.cells for row in found.rows] == [{"format": 1, "title": "t"}]


def test_a_long_unit_is_shown_by_its_beginning():
    for cell in (Percentage(0.15), Labelled(5.0, "m")):
        (fault,) = read("inputs", {"name": "a", "unit": "kg" * 21, "point": cell}).faults
        assert f' under the unit "{"kg" * 20}"; format' in str(fault)


def test_what_was_read_is_written_again():
    for sheet, rows, tables, faults, _ in ROWS:
        if faults or not tables:
            continue
        made = next(each for each in sheets_of({"format": 1, **tables}) if each.name == sheet)
        again = tables_of([*([] if sheet == "inputs" else [INPUTS]), made], "f")
        assert again.faults == []
        assert {key: again.tables[key] for key in tables} == tables, rows


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("1e3-2e3", "1e3 to 2e3"),
        (".5 - .7", ".5 to .7"),
        ("1e-3-2e-3", "1e-3 to 2e-3"),
        ("1_000-2_000", "1000 to 2000"),
        ("(10-14)", "10 to 14"),
        ("-5-3", "-5 to 3"),
        ("-5 - -2", "-5 to -2"),
        ("10\N{MINUS SIGN}14", "10 to 14"),
    ],
)
def test_a_range_is_no_point_however_its_numbers_are_written(write_study, text, ends):
    assert read("inputs", {"name": "a", "unit": "1", "point": text}).faults[0].message == (
        f'point: "{text}" {A_RANGE}, and "{ends}" {QUANTILES}'
    )
    study = write_study(POINT.replace("POINT", text))
    with pytest.raises(un.StudyError, match=re.escape(f'inputs.a.point: "{text}" {A_RANGE}')):
        un.load_study(study)


@pytest.mark.parametrize("text", ["14 - 10", "1e3-2", "10 - b", "10 * 14", "1e-3", "10[%] - 14[%]"])
def test_other_differences_are_points(write_study, text):
    assert read("inputs", {"name": "a", "unit": "1", "point": text}).faults == []
    assert un.load_study(write_study(POINT.replace("POINT", text))).inputs["a"]


@pytest.mark.parametrize("text", ["10+-2", "10 +/- 2"])
def test_a_number_with_its_spread_is_no_point(text):
    (fault,) = read("inputs", {"name": "a", "unit": "1", "point": text}).faults
    assert fault.message == (
        f'point: "{text}" may be a number with its spread; write 10 here, and "10 ± 2 (sd)" as the '
        "distribution if 2 is a standard deviation"
    )
