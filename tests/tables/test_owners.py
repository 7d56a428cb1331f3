"""Columns beside numbers speak of those that they are called after, that they alternate with, or of all."""

import re
import time

import pytest
from variants import one_in

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.fitting.columns import read_values
from uncertainty.tables.owners import Layout
from uncertainty.tables.unit_columns import columns_of_units, says_units

ROWS = 6


def headed(layout):
    """Return headings, and which columns hold numbers: those that are marked by # in a layout."""
    cells = [each.strip() for each in layout.split(",")]
    return [each.lstrip("#") for each in cells], [n for n, each in enumerate(cells) if each.startswith("#")]


def written(path, layout, said=(), texts="text"):
    """Write a table: numbers that differ from each other, and in its other columns what these say by row."""
    headings, numbers = headed(layout)
    said = dict(said)
    rows = [headings]
    for row in range(ROWS):
        cells = [f"{texts} {row}" if each else "" for each in headings]
        for place in numbers:
            cells[place] = f"{place + 1}.{row + 1}"
        for place, each in said.items():
            cells[place] = each[row] if isinstance(each, list) else each
        rows.append(cells)
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("words", one_in(3, ["v) ", "v ", "İx_"]))
def test_long_headings_are_read_at_once(words, tmp_path):
    heading = words * 40_000
    path = tmp_path / "d.csv"
    path.write_text(f"a,{heading}w,b\n" + "".join(f"{c},1{c}.5,2\n" for c in "12345"), encoding="utf-8")
    started = time.process_time()
    assert read_values(path, "b").values.tolist() == [2] * 5
    assert time.process_time() - started < 3


MEASURES = """#ActivityDepthHeightMeasure/MeasureValue, ActivityDepthHeightMeasure/MeasureUnitCode, name,
#ResultMeasureValue, ResultMeasure/MeasureUnitCode, #DetectionQuantitationLimitMeasure/MeasureValue,
DetectionQuantitationLimitMeasure/MeasureUnitCode"""

UNITS = [
    # of the energy balance of an agency: names, an amount with its unit, a factor with its own, a source
    ("k, #use, unit, #ef, unit, source", {1: {2}, 3: {4}}),
    ("source, unit, #use, unit, #ef, k", {2: {1}, 4: {3}}),
    ("#id, #use, unit, #ef, unit, source", {0: {2, 4}, 1: {2}, 3: {4}}),
    ("#year, fuel, #use, unit, #ef, unit", {0: {3, 5}, 2: {3}, 4: {5}}),
    ("fuel, unit, #use, unit, #ef, #year", {2: {1}, 4: {3}, 5: {1, 3}}),
    ("fuel, #use, unit, #ef, unit, note", {1: {2}, 3: {4}}),
    # a year has no unit, and alternates with nothing
    ("fuel, #use, unit, #ef, unit, #year", {1: {2}, 3: {4}, 5: {4}}),
    ("#row, #use, unit, #ef, unit, #Ref No.", {0: {2, 4}, 1: {2}, 3: {4}, 5: {4}}),
    ("fuel, #use, unit, #ef, unit, #cost", {1: {2}, 3: {2, 4}, 5: {4}}),
    ("fuel, #use, unit, #ef, unit", {1: {2}, 3: {4}}),
    ("unit, #use, unit, #ef", {1: {0}, 3: {2}}),
    ("fuel, unit, #use, unit, #ef", {2: {1}, 4: {3}}),
    ("fuel, #use, #sd, unit, #ef, #sd, unit", {1: {3}, 4: {6}}),
    ("fuel, #use, unit, #sd, #ef, unit, #sd", {1: {2}, 3: {2}, 4: {5}, 6: {5}}),
    ("fuel, #use, #ef, unit, unit", {1: {3, 4}, 2: {3, 4}}),
    ("fuel, #use, unit, #ef, #sd, unit", {1: {2, 5}, 3: {2, 5}, 4: {2, 5}}),
    ("#use, #ef, use_unit, ef unit", {0: {2}, 1: {3}}),
    ("#use, #ef, unit (use)", {0: {2}, 1: set()}),
    ("#use, #ef, use unit, unit", {0: {2}, 1: {3}}),
    ("#use, #ef, unit", {0: {2}, 1: {2}}),
    ("#use, #ef, Einheit use, Einheit ef", {0: {2}, 1: {3}}),
    ("#use, use (unit), #ef, ef [unit]", {0: {1}, 2: {3}}),
    ("#use, unit price, #price, housing units", {0: set(), 2: set()}),
    ("measure, unit_of_measure, #value", {2: {1}}),
    ("plant, Unit 1, Unit 2, #mean", {3: set()}),
    ("fuel, #use, unit, #ef, unit.1", {1: {2}, 3: {4}}),
    ("fuel, #use, unit...3, #ef, unit...5", {1: {2}, 3: {4}}),
    ("fuel, #use, Unit, #ef, Unit2", {1: {2}, 3: {4}}),
    ("#Pb, Pb.Unit, #Cd, Cd-Units, #Zn", {0: {1}, 2: {3}, 4: set()}),
    ("#use, Unit(s), #ef, Unit(s).1, source", {0: {1}, 2: {3}}),
    ("#use, [Unit], #ef, Unit:, source", {0: {1}, 2: {3}}),
    ("#use, unit.108, #ef, unit.109, source", {0: {1}, 2: {3}}),
    # orders: a price says its own
    ("item, unit, #qty, #price (EUR), #amount [EUR], #mass", {2: {1}, 3: set(), 4: set(), 5: {1}}),
    ("item, #qty (net), unit", {1: {2}}),
    ("item, #qty, unit, #GWP (kg/unit)", {1: {2}, 3: set()}),
    # side by side, with an empty column between
    ("item, #qty, unit, , climate, #heat", {1: {2}, 5: set()}),
    ("item, #qty, unit, , item, #heat, unit", {1: {2}, 5: {6}}),
    ("sample, #Pb, , unit", {1: {3}}),
    ("#Pb, unit, , code, unit", {0: {1}}),
    ("sample, , #Pb, , unit, , #Cd, , unit", {2: {4}, 6: {8}}),
    ("sample, , #Pb, , #Cd, , unit", {2: {6}, 4: {6}}),
    # the Water Quality Portal of the United States, each measure with its own
    (
        MEASURES,
        {0: {1}, 3: {4}, 5: {6}},
    ),
    # an export of a laboratory's database
    ("SAMPLE, ANALYTE, #RESULT, RESULT_UNIT, QUALIFIER, #MDL, MDL_UNIT", {2: {3}, 5: {6}}),
    ("#Result Value, Result Unit, #RL Value, RL Unit", {0: {1}, 2: {3}}),
    # FAOSTAT, Eurostat, the OECD: one column for all
    ("Area, Item, #Year, Unit, #Value, Flag", {2: {3}, 4: {3}}),
    ("geo, unit, #TIME_PERIOD, #OBS_VALUE", {2: {1}, 3: {1}}),
    # blood: the limits of reference have a unit of their own
    ("test, #value, units, #low, #high, units", {1: {2, 5}, 3: {2, 5}, 4: {2, 5}}),
]


@pytest.mark.parametrize(("layout", "own"), UNITS)
def test_each_number_has_the_columns_of_units_that_are_its_own_or_may_be(layout, own, tmp_path):
    headings, numbers = headed(layout)
    cells = ["" if not each else "1.5" if place in numbers else "kg" for place, each in enumerate(headings)]
    table = Layout.of(headings, lambda: [("line 2", cells)] * 3)
    assert {each: {*columns_of_units(table, each)} for each in own} == own


@pytest.mark.parametrize(("layout", "own"), one_in(2, UNITS))
def test_data_are_refused_where_a_column_that_may_say_their_units_says_two(layout, own, tmp_path):
    headings, _ = headed(layout)
    saying = {column for columns in own.values() for column in columns}
    for number, columns in own.items():
        if headings.count(headings[number]) > 1:
            continue
        for mixed in saying:
            said = {each: ["kg"] * ROWS for each in saying} | {mixed: ["kg"] * 3 + ["g"] * 3}
            path = written(tmp_path / "lab.csv", layout, said)
            if mixed not in columns:
                assert read_values(path, headings[number]).values.size == ROWS
            else:
                with pytest.raises(StudyError, match=r'says "kg" \(line 2\) and "g" \(line 5\)'):
                    read_values(path, headings[number])


def study(path, unit, column):
    """Write a study of one column of data."""
    path.write_text(
        f'format = 1\n[study]\ntitle = "t"\nheadline = "y"\n[inputs.y]\nunit = "{unit}"\npoint = 2\n'
        f'distribution = \'empirical("lab.csv", "{column}")\'\n[outputs.y]\nunit = "{unit}"\n',
        encoding="utf-8",
    )
    return path


NOBODY_KNOWS = [layout for layout, own in UNITS if any(len(each) > 1 for each in own.values())]


@pytest.mark.parametrize("layout", NOBODY_KNOWS)
def test_where_nobody_knows_whose_units_are_the_advice_is_accepted(layout, tmp_path):
    headings, _ = headed(layout)
    own = dict(UNITS)[layout]
    number, columns = next((each, sorted(many)) for each, many in own.items() if len(many) > 1)
    name = headings[number]
    said = {columns[0]: "kg", columns[1]: "TJ"}
    path = written(tmp_path / "lab.csv", layout, said)
    # whichever it is, all numbers are in one unit
    assert read_values(path, name).values.size == ROWS
    with pytest.raises(StudyError) as caught:
        un.load_study(study(tmp_path / "s.toml", "kg", name))
    (fault,) = caught.value.faults
    letters = [f'"{headings[each]}" (column {chr(65 + each)})' for each in columns]
    expected = (
        f'{letters[1]} says "TJ", and what is read is in "kg"; {letters[0]} and {letters[1]} may each say '
        f'the units of {name}: leave out what does not, or call each after its number, as in "{name} unit"'
    )
    assert str(fault).endswith(expected)
    # where all say the same, there is nothing to tell
    written(path, layout, dict.fromkeys(columns, "kg"))
    un.load_study(tmp_path / "s.toml")
    renamed = [*layout.split(",")]
    renamed[columns[0]] = f"{name} unit"
    written(path, ",".join(renamed), said)
    un.load_study(tmp_path / "s.toml")
    with pytest.raises(StudyError, match='the column of units says "kg", and what is read is in "TJ"'):
        un.load_study(study(tmp_path / "s.toml", "TJ", name))
    # or the other column is left out
    renamed[columns[0]], renamed[columns[1]] = headings[columns[0]], "remark"
    written(path, ",".join(renamed), said)
    un.load_study(study(tmp_path / "s.toml", "kg", name))


@pytest.mark.parametrize(
    "heading", ["Pb (mg/kg)", "Pb, total", "Total  Pb", "Pb [1]", "Pb_206", "(Pb)", "x", "ß"]
)
def test_a_column_may_be_called_after_any_number(heading, tmp_path):
    first = heading.replace("Pb", "Cd") if "Pb" in heading else "Cd"
    for word in ("unit", "flag"):
        for name in (f"{heading} {word}", f"{word} ({heading})", f"{heading}_{word}", f"{heading}, {word}"):
            table = f'"{first}","{heading}","{name}"\n' + f"1,2,{'<' if word == 'flag' else 'kg'}\n2,3,\n" * 3
            table = table if word == "flag" else table.replace("3,\n", "3,g\n")
            (tmp_path / "lab.csv").write_text(table, encoding="utf-8")
            assert read_values(tmp_path / "lab.csv", first).values.size == 6
            with pytest.raises(StudyError, match='stands beside "<"' if word == "flag" else 'says "kg"'):
                read_values(tmp_path / "lab.csv", heading)


FLAGS = [
    # each flag with the numbers that it may speak of
    ("sample, #Pb, Flag, #Cd, Flag.1", {2: {1}, 4: {3}}),
    ("sample, #Pb, Qualifier, #Cd, Qualifier.1", {2: {1}, 4: {3}}),
    ("sample, #Pb, Qualifier, #Cd, Qualifier", {2: {1}, 4: {3}}),
    ("#id, #Pb, Flag, #Cd, Flag.1", {2: {0, 1}, 4: {0, 3}}),
    ("Flag, #Pb, Flag.1, #Cd, sample", {0: {1}, 2: {3}}),
    ("sample, #Pb, #RL, Flag, #Cd, #RL.1, Flag.1", {3: {1, 2}, 6: {4, 5}}),
    ("sample, #Pb, Flag, #RL, #Cd, Flag.1, #RL.1", {2: {1, 3}, 5: {4, 6}}),
    ("#id, #Pb, Flag, #RL, #Cd, Flag.1, #RL.1", {2: {0, 1, 3}, 5: {4, 6}}),
    ("sample, #Pb, unit, Flag, #Cd, unit.1, Flag.1", {3: {1}, 6: {4}}),
    ("sample, #Pb, Flag, unit, #Cd, Flag.1, unit.1", {2: {1}, 5: {4}}),
    ("sample, #Pb, Flag, note, #Cd, Flag, note.1, #Zn, Flag, note.2", {2: {1}, 5: {4}, 8: {7}}),
    ("sample, #Pb, Qual, DV Qual, #Cd, Qual.1, DV Qual.1", {2: {1}, 3: {1}, 5: {4}, 6: {4}}),
    ("sample, #Pb, , #Cd, , Pb Qual", {2: {1}, 4: {3}, 5: {1}}),
    ("sample, #Pb, Unnamed: 2, #Cd, Unnamed: 4", {2: {1}, 4: {3}}),
    ("sample, #Pb, ...3, #Cd, ...5", {2: {1}, 4: {3}}),
    ("sample, #Pb, , Flag", {3: {1}}),
    ("sample, , #Pb, , Flag, , #Cd, , Flag.1", {4: {2}, 8: {6}}),
    ("sample, #Pb, Flag, , sample, #Cd, Flag", {2: {1}, 6: {5}}),
    ("#Pb, , #As, flag", {3: {2}}),
    ("#Pb, Flag, , Flag, meaning", {1: {0}, 3: set()}),
    # nobody knows
    ("sample, #Pb, #Cd, Flag, Flag.1", {3: {1, 2}, 4: {1, 2}}),
    ("sample, #Pb, Flag, #Cd, Flag.1, #Zn", {2: {1, 3}, 4: {3, 5}}),
    # by name, wherever they stand
    ("sample, #Pb, #Cd, Pb_flag, Cd_flag", {3: {1}, 4: {2}}),
    ("#Pb, #PbO, PbO flag", {2: {1}}),
    ("#Result, Result Qualifier, #RL, RL Qualifier", {1: {0}, 3: {2}}),
    # of a laboratory "Lab", whose numbers these are not
    ("Lab, #Result, Lab Qualifier", {2: {1}}),
    # as programs mangle headings
    ("#Pb, Lab.Qualifier, #Cd, Lab.Qualifier.1", {1: {0}, 3: {2}}),
    ("#Pb, Lab-Qualifier, unit", {1: {0}}),
    ("#Pb, Flag.108, #Cd, Flag.109", {1: {0}, 3: {2}}),
    ("#Pb, [Flag], #Cd, Flag:", {1: {0}, 3: {2}}),
    # one, or one of each sort, is of the row
    ("sample, #Pb, #Cd, Flag", {3: {1, 2}}),
    ("sample, analyte, #RESULT_VALUE, UNIT, LAB_QUALIFIERS, method, VAL_QUALIFIERS", {4: {2}, 6: {2}}),
    ("Area, #Year, Unit, #Value, Flag", {4: {1, 3}}),
    ("#ResultMeasureValue, ResultMeasure/MeasureUnitCode, MeasureQualifierCode", {2: {0}}),
]


@pytest.mark.parametrize(("layout", "of"), FLAGS)
@pytest.mark.parametrize("sign", one_in(2, ["U", "<"]))
def test_a_flag_is_that_of_the_numbers_it_may_be_of(layout, of, sign, tmp_path):
    headings, numbers = headed(layout)
    for flag, own in of.items():
        said = {place: "kg" for place, each in enumerate(headings) if says_units(each)}
        said |= {each: ["J"] * ROWS for each in of} | {flag: ["J", sign, *["J"] * (ROWS - 2)]}
        path = written(tmp_path / "lab.csv", layout, said)
        for number in (each for each in numbers if headings.count(headings[each]) == 1):
            name = re.escape(headings[number])
            if number not in own:
                assert read_values(path, headings[number]).values.size == ROWS
            else:
                with pytest.raises(StudyError, match=f'{name}: .* stands beside "{sign}"'):
                    read_values(path, headings[number])


@pytest.mark.parametrize("layout", ["#Pb, #Cd, Flag", "#Pb, #Cd, Flag, Flag.1", "#Pb, , #Cd, #Zn"])
def test_a_flag_of_several_numbers_may_be_called_after_its_own(layout, tmp_path):
    headings, _ = headed(layout)
    flag = next(place for place, each in enumerate(headings) if each in ("", "Flag"))
    path = written(tmp_path / "lab.csv", layout, {flag: ["<", *["J"] * (ROWS - 1)]})
    said = 'if it is of another number, call it after that, as "Pb flag" is called after Pb'
    with pytest.raises(StudyError, match=said):
        read_values(path, "Pb")
    headings = layout.split(",")
    headings[flag] = "Cd flag"
    written(path, ",".join(headings), {flag: ["<", *["J"] * (ROWS - 1)]})
    assert read_values(path, "Pb").values.size == ROWS
    with pytest.raises(StudyError, match='stands beside "<" under "Cd flag"') as caught:
        read_values(path, "Cd")
    assert "another number" not in str(caught.value)


def test_a_sign_in_a_column_without_a_heading_may_stand_among_other_words(tmp_path):
    path = written(tmp_path / "lab.csv", "#Pb, , unit", {1: ["<", "see note", *[""] * 4], 2: "kg"})
    with pytest.raises(StudyError, match=r'Pb: 1\.1 stands beside "<", which may say'):
        read_values(path, "Pb")
    written(path, "#Pb, , unit", {1: ["see note", *[""] * 5], 2: "kg"})
    assert read_values(path, "Pb").values.size == ROWS


@pytest.mark.parametrize(
    ("headings", "refused"),
    [
        ("use,flag,ef,flag.1", {"flag": "use", "flag.1": "ef"}),
        ("use,n,flag,ef,n.1,flag.1", {"flag": "use", "flag.1": "ef"}),
        ("use,ef,ef flag,use flag", {"use flag": "use", "ef flag": "ef"}),
        ("use,ef,flag", {"flag": "use"}),
    ],
)
def test_points_of_a_study_are_held_to_their_own_flags(headings, refused, tmp_path):
    names = headings.split(",")
    text = '[inputs.{0}]\nunit = "1"\nindex = ["fuel"]\ntable = "lab.csv"\ncolumns = {{ point = "{0}" }}\n'
    (tmp_path / "s.toml").write_text(
        'format = 1\n[study]\ntitle = "t"\nheadline = "y[gas]"\n[indices.fuel]\nmembers = ["gas", "coal"]\n'
        + text.format("use")
        + text.format("ef")
        + '[outputs.y]\nvalue = "use * ef"\nunit = "1"\n',
        encoding="utf-8",
    )
    for sign in ("", *refused):
        rows = [
            ",".join(["gas", *("<" if each == sign else "J" if "flag" in each else "2" for each in names)]),
            ",".join(["coal", *("J" if "flag" in each else "3" for each in names)]),
        ]
        (tmp_path / "lab.csv").write_text("\n".join(["fuel," + headings, *rows, ""]), encoding="utf-8")
        if not sign:
            assert un.load_study(tmp_path / "s.toml").noticed == ()
            continue
        with pytest.raises(
            StudyError, match=f'{refused[sign]}: 2 stands beside "<" under "{sign}"'
        ) as caught:
            un.load_study(tmp_path / "s.toml")
        assert len(caught.value.faults) == (2 if sign == "flag" and len(names) == 3 else 1)
