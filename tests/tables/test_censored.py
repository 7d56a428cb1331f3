"""Numbers that laboratories call limits, by a sign or a flag in a column of its own, are no data."""

import time

import pytest

import uncertainty as un
from uncertainty.errors import StudyError
from uncertainty.fitting.columns import read_values

ROWS = ["0.5", "0.2", "0.7", "0.9", "1.2"]


def written(path, headings, flags, place):
    """Write a file of which the second row has a flag, and the others what others have."""
    flagged = [flags if row == "0.2" else "" for row in ROWS]
    rows = [[f"s{number}", value] for number, value in enumerate(ROWS)]
    for row, flag in zip(rows, flagged, strict=True):
        row.insert(place, flag)
    path.write_text("\n".join(",".join(row) for row in [headings, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("headings", "flag", "place"),
    [
        (["sample", "Pb", "qualifier"], "<", 2),
        (["sample", "Pb", "MeasureQualifierCode"], "U", 2),
        (["sample", "Pb", "Pb_q"], "ND", 2),
        (["sample", "", "Pb"], "<", 1),
        *((["sample", "Pb", "flag"], sign, 2) for sign in ("＜", "&lt;", "&gt;", "⩽", "≦ LOQ", "&#60;")),
        *((["sample", head, "Pb"], sign, 1) for head in ("", "vorz") for sign in ("＜", "&lt;")),
        (["sample", "Pb", "CensorCode"], "lt", 2),
        (["sample", "Pb", "ND_flag"], "yes", 2),
        (["sample", "operator", "Pb"], "≤", 1),
        (["remark_cd", "sample", "Pb"], ">", 0),
        (["sample", "Pb", "DetectionCondition"], "Not Detected", 2),
        *((["sample", "Pb", "qualifier"], flag, 2) for flag in ("U B", "BU", "U F1", "U*+", '"U,H"')),
    ],
)
def test_a_limit_that_a_column_beside_it_tells_is_no_datum(headings, flag, place, tmp_path):
    path = written(tmp_path / "lab.csv", headings, flag, place)
    with pytest.raises(StudyError, match=r'Pb: 0.2 stands beside ".*which may say that it is a limit'):
        read_values(path, "Pb")
    study = tmp_path / "study.toml"
    study.write_text(
        'format = 1\n[study]\ntitle = "Lead"\nheadline = "lead"\n[inputs.lead]\nunit = "mg/L"\npoint = 0.7\n'
        'distribution = \'empirical("lab.csv", "Pb")\'\n[outputs.lead]\nunit = "mg/L"\n',
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match=r"line 3: Pb: 0.2 stands beside"):
        un.load_study(study)
    path.write_text(path.read_text(encoding="utf-8").replace(flag, ""), encoding="utf-8")
    assert read_values(path, "Pb").values.tolist() == [float(each) for each in ROWS]
    un.load_study(study)


@pytest.mark.parametrize(
    ("headings", "flag", "place"),
    [
        (["", "geo", "Pb"], "LT", 1),
        (["geo", "Pb", "OBS_FLAG"], "U", 2),
        (["geo", "Pb", "flag"], "u", 2),
        (["geo", "Pb", "operator"], "N.D.", 2),
        (["geo", "Pb", "qualifier"], "J", 2),
        (["diet", "condition", "Pb"], "ND", 1),
    ],
)
def test_other_words_beside_a_number_say_nothing_of_it(headings, flag, place, tmp_path):
    assert read_values(written(tmp_path / "lab.csv", headings, flag, place), "Pb").values.size == len(ROWS)


@pytest.mark.parametrize(
    ("headings", "column"),
    [("flag,As,flag,Pb", "Pb"), ("As,flag,Pb,flag", "As"), ("As,As_flag,Pb,Pb_flag", "As")],
)
def test_a_flag_is_that_of_the_number_it_belongs_to(headings, column, tmp_path):
    path = tmp_path / "lab.csv"
    row = "1,<,2," if headings.startswith("As") else ",1,<,2"
    path.write_text("\n".join([headings, row, *[row.replace("<", "")] * 5]) + "\n", encoding="utf-8")
    other = {"As": "Pb", "Pb": "As"}[column]
    assert read_values(path, other).values.size == 6
    with pytest.raises(StudyError, match=f'{column}: . stands beside "<"'):
        read_values(path, column)


def test_a_missing_value_beside_a_flag_is_missing(tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text("Pb,flag\n1,\nNA,ND\n2,\n3,\n4,\n5,\n", encoding="utf-8")
    assert read_values(path, "Pb").values.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("heading", ["count", "Frequency", "n", "survey weight", "number of cases"])
def test_how_often_a_value_was_met_is_said_to_be_passed_over(heading, tmp_path):
    path = tmp_path / "hours.csv"
    path.write_text(f"hours,{heading},place\n1,10,a\n2,20,b\n5,3,c\n", encoding="utf-8")
    (note,) = read_values(path, "hours").notes
    assert note.startswith(f'Each row counts once, whatever "{heading}" says; discrete(…, weights=(…)) takes')
    assert not read_values(path, heading).notes
    path.write_text(f"hours,{heading},place\n1,A,a\n2,A,b\n5,A,c\n", encoding="utf-8")
    assert not read_values(path, "hours").notes


LIMITS = """flag: <DL, < MRL, <PQL, below DL, BLOQ, nd, DL, less than; Qualifier: U,J/ UJ; LOQ: <; Zeichen: <
status: <LOD; comment: below detection limit; Bemerkung: n.n.; notes: not detected; Reported: <0.2, < 0.20
censored: 1, TRUE; non_detect: yes; Detected: No, 0, FALSE; detect flag: N; <LOD: x; below_LOD: 1; D_Pb: 0
nd: 1, yes; n_d: x; lt: true; bdl: 1, TRUE; qualifier: below detection; notes: under detection
DetectionText: *Non-detect; comment: half LOD, 0.5 x MDL, value below LOD
ObservedValueBelowLOQ: 1; BelowDL: 1; BLQ: 1; Censor: 1; below detection limit: yes; not_detected: 1
Above LOD: no; Nachweis: nein; unter Nachweisgrenze: ja; Remarks: nicht nachweisbar, non détecté, < LOQ (0.05)
MnemoRqAna: Résultat < seuil de détection; kind: Traces (< seuil de quantification et > seuil de détection)
Qualité: Résultat < au seuil de quantification
Text: below the lower limit of quantitation, Present Below Quantification Limit"""


@pytest.mark.parametrize(
    ("heading", "flag"),
    [
        (heading.strip(), flag.strip())
        for line in LIMITS.replace("\n", ";").split(";")
        for heading, _, flags in [line.partition(":")]
        for flag in flags.split("/" if "/" in flags else ",")
    ],
)
def test_limits_are_told_in_many_ways(heading, flag, tmp_path):
    path = written(tmp_path / "lab.csv", ["sample", "Pb", heading], f'"{flag}"', 2)
    with pytest.raises(StudyError, match=r'Pb: 0.2 stands beside "'):
        read_values(path, "Pb")


VALUES = """censored: 0, no; Detected: Y, 1; trend: <, >; p: <0.05; age: <65; class: <100; notes: ND, limited
nd: 0, no; lt: false; Nd: 60; LT: Vilnius; bdl: 0
BelowDL: 0; Above LOD: yes; Nachweis: ja; notes: not detected in blanks, not quantified because lost
kind: Résultat > seuil de quantification et < au seuil de saturation, under repair, below average, detected
OBS_FLAG: U; change: >; D_As: 0; currency: BRL; size: < 2 mm; country: BG; quality: U"""


@pytest.mark.parametrize(
    ("heading", "flag"),
    [
        (heading.strip(), flag.strip())
        for line in VALUES.replace("\n", ";").split(";")
        for heading, _, flags in [line.partition(":")]
        for flag in flags.split(",")
    ],
)
def test_values_stay_values_beside_other_words(heading, flag, tmp_path):
    path = written(tmp_path / "lab.csv", ["sample", "Pb", heading], flag, 2)
    assert read_values(path, "Pb").values.size == len(ROWS)


def test_a_flag_that_is_called_after_another_number_is_none_of_this_one(tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text("As,As_flag,Pb\n" + "1,<,2\n" * 5, encoding="utf-8")
    assert read_values(path, "Pb").values.size == 5
    with pytest.raises(StudyError, match='As: 1 stands beside "<" under "As_flag"'):
        read_values(path, "As")
    for limit in ("<1", "not detected", "BDL"):
        path.write_text(f"As,Pb\n1,{limit}\n" + "1,2\n" * 5, encoding="utf-8")
        assert read_values(path, "As").values.size == 6


@pytest.mark.parametrize("heading", ["detected", "nondetects", "D_Pb", "n_censored"])
def test_how_many_were_detected_is_no_answer(heading, tmp_path):
    path = tmp_path / "lab.csv"
    path.write_text(f"Pb,{heading}\n" + "".join(f"{n},{n % 4}\n" for n in range(8)), encoding="utf-8")
    assert read_values(path, "Pb").values.size == 8


def test_what_was_detected_elsewhere_in_a_row_says_nothing_of_a_number(tmp_path):
    path = tmp_path / "patients.csv"
    path.write_text("id,age,sex,detected\n" + "".join(f"{n},{50 + n},f,{n % 2}\n" for n in range(8)))
    assert read_values(path, "age").values.size == 8


def table(path, headings, columns):
    """Write columns of texts below headings."""
    rows = [headings, *(",".join(row) for row in zip(*columns, strict=True))]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


ARSENIC, LEAD = ["1", "2", "3", "4", "5", "6"], ["11", "12", "13", "14", "15", "16"]


@pytest.mark.parametrize(
    ("word", "limit", "value"),
    [
        ("Flag", "<", ""),
        (".qual", "U", "J"),
        ("_rmk", "<", ""),
        ("Cen", "TRUE", "FALSE"),
        ("_cen", "1", "0"),
        ("_nd", "1", "0"),
        ("_bdl", "yes", "no"),
        ("_lod_flag", "1", "0"),
        ("_censored", "1", "0"),
        ("_D", "0", "1"),
        (" (flag)", "<", ""),
    ],
)
@pytest.mark.parametrize("order", ["behind", "before", "apart"])
def test_a_flag_that_is_called_after_its_number_is_its_own_wherever_it_stands(
    word, limit, value, order, tmp_path
):
    flags, none = [limit] + [value] * 5, [value] * 6
    columns = {"As": ARSENIC, f"As{word}": flags, "Pb": LEAD, f"Pb{word}": none}
    orders = {
        "behind": [*columns],
        "before": [f"As{word}", "As", f"Pb{word}", "Pb"],
        "apart": ["As", "Pb", f"As{word}", f"Pb{word}"],
    }
    names = orders[order]
    path = table(tmp_path / "lab.csv", ",".join(names), [columns[name] for name in names])
    assert read_values(path, "Pb").values.size == 6
    with pytest.raises(StudyError, match=f'As: 1 stands beside "{limit}" under'):
        read_values(path, "As")


def test_half_a_limit_beside_its_text_is_no_datum(tmp_path):
    path = table(tmp_path / "lab.csv", "Pb,Reported", [ARSENIC, ["<2", *ARSENIC[1:]]])
    with pytest.raises(StudyError, match='Pb: 1 stands beside "<2"'):
        read_values(path, "Pb")


@pytest.mark.parametrize("heading", ["Specification", "Limit", "Reference range"])
def test_one_bound_for_all_numbers_says_nothing_of_the_one_that_is_equal(heading, tmp_path):
    path = table(tmp_path / "lab.csv", f"Pb,{heading}", [ARSENIC, ["<= 3"] * 6])
    assert read_values(path, "Pb").values.size == 6


def test_half_a_limit_that_a_comment_tells_is_no_datum(tmp_path):
    path = table(tmp_path / "lab.csv", "Pb,comment", [ARSENIC, ["LOD/2", *[""] * 5]])
    with pytest.raises(StudyError, match='Pb: 1 stands beside "LOD/2" under "comment"'):
        read_values(path, "Pb")


@pytest.mark.parametrize(
    ("headings", "limit", "value"),
    [
        ("RESULT_VALUE,UNIT,DETECT_FLAG,LAB_QUALIFIERS", "ug/l,N,", "ug/l,Y,"),
        ("RESULT_VALUE,UNIT,DETECT_FLAG,LAB_QUALIFIERS", "ug/l,,U", "ug/l,,J"),
        ("RESULT_VALUE,UNIT,LAB_QUALIFIERS,METHOD,DETECTED", "ug/l,,a,N", "ug/l,,a,Y"),
        ("result,lab_qualifier,detect_flag", ",N", ",Y"),
    ],
)
def test_flags_of_a_row_are_those_of_its_result(headings, limit, value, tmp_path):
    path = table(tmp_path / "lab.csv", headings, [ARSENIC, [limit] + [value] * 5])
    with pytest.raises(StudyError, match=r"(RESULT_VALUE|result): 1 stands beside"):
        read_values(path, headings.partition(",")[0])
    table(path, headings, [ARSENIC, [value] * 6])
    assert read_values(path, headings.partition(",")[0]).values.size == 6


def test_a_flag_once_more_is_that_of_the_second_result(tmp_path):
    for headings in ("result,flag,result.1,flag.1", "result,flag,result2,flag2"):
        path = table(tmp_path / "lab.csv", headings, [ARSENIC, [""] * 6, LEAD, ["<", *[""] * 5]])
        assert read_values(path, "result").values.size == 6
        with pytest.raises(StudyError, match='11 stands beside "<" under "flag'):
            read_values(path, headings.split(",")[2])


def test_flags_of_hundreds_of_numbers_are_told_apart_at_once(tmp_path):
    headings = ",".join(f"analyte {number},flag" for number in range(400))
    path = table(tmp_path / "lab.csv", headings, [["1", "2", "3"], ["<", "", ""]] * 400)
    started = time.monotonic()
    with pytest.raises(StudyError, match='analyte 7: 1 stands beside "<"'):
        read_values(path, "analyte 7")
    assert time.monotonic() - started < 8


def test_a_sign_of_another_number_with_a_longer_name_is_its_own(tmp_path):
    path = table(tmp_path / "who.csv", "Value,ValueLow,ValueLowPrefix", [ARSENIC, ["0,<", *["1,"] * 5]])
    assert read_values(path, "Value").values.size == 6
    with pytest.raises(StudyError, match='ValueLow: 0 stands beside "<" under "ValueLowPrefix"'):
        read_values(path, "ValueLow")


@pytest.mark.parametrize("headings", ["Pb,,Qualifier", "Pb,,<", "Qualifier,,Pb"])
def test_an_empty_column_before_flags_alone_begins_no_other_table(headings, tmp_path):
    path = tmp_path / "lab.csv"
    flag = "<" if "<" in headings else "U"
    rows = [f"{value},,{flag if value == '0.2' else ''}" for value in ROWS]
    if headings.startswith("Q"):
        rows = [",".join(reversed(row.split(","))) for row in rows]
    path.write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r'0.2 stands beside "'):
        read_values(path, "Pb")


def test_flags_of_a_table_beside_are_its_own(tmp_path):
    path = table(tmp_path / "lab.csv", "Pb,,As,flag", [ARSENIC, [""] * 6, LEAD, ["<", *[""] * 5]])
    assert read_values(path, "Pb").values.size == 6
    with pytest.raises(StudyError, match='As: 11 stands beside "<" under "flag"'):
        read_values(path, "As")


def test_classes_of_numbers_are_no_limits(tmp_path):
    classes = ["<1", "1-2", "2-3", "3-4", "4-5", "5+"]
    path = table(tmp_path / "ages.csv", "upper,class", [ARSENIC, classes])
    assert read_values(path, "upper").values.size == 6


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("fraud_detected", ["0", "1"]),
        ("motion detected", ["no", "yes"]),
        ("higher/lower", ["<", ">"]),
        ("Tendenz", ["<", ""]),
        ("vs. target", [">", ""]),
        ("vs mean", ["≥", "<"]),
        ("urban_flag", ["U", "R"]),
        ("CONF_FLAG", ["U", "F"]),
        ("flag,flag description", ["U,Low reliability", "A,Official figure"]),
    ],
)
def test_what_is_said_of_other_things_calls_no_number_a_limit(heading, cells, tmp_path):
    path = table(tmp_path / "table.csv", f"amount,{heading}", [ARSENIC, cells * 3])
    assert read_values(path, "amount").values.size == 6


def test_a_description_of_flags_may_say_that_numbers_are_limits(tmp_path):
    said = ["U,Below detection limit", *["A,Measured"] * 5]
    path = table(tmp_path / "table.csv", "amount,flag,flag description", [ARSENIC, said])
    with pytest.raises(StudyError, match='amount: 1 stands beside "Below detection limit" under'):
        read_values(path, "amount")


def test_what_was_not_found_of_another_thing_is_told(tmp_path):
    said = ["detected", "Not detected", *["detected"] * 4]
    found = read_values(table(tmp_path / "table.csv", "CRP,PCR", [ARSENIC, said]), "CRP")
    assert found.values.size == 6
    (note,) = found.notes
    assert note.startswith('CRP: a row beside "Not detected" under "PCR" (line 3) is read as data; leave out')
