"""Rows that say that they may be no data are told, and rows that are comments are refused."""

import numpy as np
import openpyxl
import pytest
from variants import one_in

import uncertainty as un
from uncertainty.distributions.data_file import DataColumn, read_column
from uncertainty.errors import InvalidValue, StudyError
from uncertainty.fitting.columns import read_answers, read_values
from uncertainty.tables import workbook
from uncertainty.tables.row_names import may_be_no_datum, names_of_no_data

DATA = ("A", "12.1"), ("B", "20.4"), ("C", "30.9"), ("D", "11.3"), ("E", "25.8")


def notes(tmp_path, table):
    """Return what is said of the column v of a file, the same of a fit and of a sample."""
    path = tmp_path / "d.csv"
    path.write_text(table, encoding="utf-8")
    _, column = read_column(DataColumn.within(tmp_path, "d.csv", "v"))
    assert read_values(path, "v").notes == column.notes
    return column.notes


def table_of(*rows, headings="name,v"):
    return "\n".join([headings, *map(",".join, rows)]) + "\n"


CALLED = """World
OECD average
Mean across EU
EU27_2020
Euro area (20 countries)
Both sexes
of which: coal
davon EU
Grand Total 2020
95% UCL
U (k=2)
Expanded uncertainty
IQR
LOD
Limit value
Grenzwert
Target
Blank
Std 2
QC 1
p-value
Arab World
OECD members
Sub-Saharan Africa
Latin America & Caribbean
Low & middle income
High-income countries
Caribbean small states
Least developed countries
thereof lignite
Coal (of which imports)
Consensus
Total Nacional
TOTAL (kt)
Sub-Total A
Overall
All sectors
all_fuels
Africa Eastern and Southern
IDA only
EU 27
EU (27)
Eurozone
G-7
Worldwide
World (WB)
International bunkers
Unattributed
South Asia (IDA & IBRD)
Early-demographic dividend
Fragile and conflict affected situations
Heavily indebted poor countries (HIPC)
Central Europe and the Baltics
Not classified
Advanced economies
Non-OECD
European Region
South-East Asia Region
All Metro Areas
All 50 states
Everyone
Whole sample
Summary
Overall effect
Pooled estimate
Fixed effect
Random effects (REML)
Heterogeneity
95th percentile"""
OTHERS = """BG
QC
CL
CI
NG
MAD
ML
Worldline
TotalEnergies
Averill
Meaning
P95
S1
sample
Ulm
Target-Group
South Africa
North Macedonia
Papua New Guinea
Income
Rest of the world
Low Moor
Family members
Central African Republic
Capital Region
Overalls
24 estimates, many countries
without the first years after the war of three countries
Asian
Totalgaz
Dividend
All other sectors
All the others
Whole milk
All terrain vehicle
Effect 2
cis-1,2-DCE
Korea, Dem. People's Rep."""


@pytest.mark.parametrize("name", one_in(2, CALLED.splitlines()))
def test_rows_that_are_called_as_no_data_are_told(name, tmp_path):
    said = f'v: a row called "{name}" (line 4) is read as data; leave out what is none.'
    assert said in notes(tmp_path, table_of(*DATA[:2], (name, "14.2"), *DATA[2:]))


@pytest.mark.parametrize("name", OTHERS.splitlines())
def test_other_names_are_not(name):
    assert not may_be_no_datum(name)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("2020-Q1", "2020-Q2", "2020-Q3", "2020-Q4", "2020-S1", "2020"), ("2020-S1", "2020")),
        (("Jan", "Feb", "Mar", "April", "May", "H1"), ("H1",)),
        (("2021-01", "2021-02", "2021-03", "Jan-Mar"), ("Jan-Mar",)),
        (("2018", "2019", "2020", "2021", "Q1 2022"), ("Q1 2022",)),
        (("Q1", "Q2", "H1", "H2", "H3"), ()),
        (("0-4", "5-9", "60-64", "65-69", "70+", "65+"), ("65+",)),
        (("0-9", "10-17", "18-64", "65 and over", "under 18"), ("under 18",)),
        (("0-17", "18-64", "65+", "unknown"), ()),
        (("USA", "CHN", "KEN", "ARB", "SSF", "AUT"), ("ARB", "SSF")),
        (("ARB", "SSF", "XYZ", "ABC"), ()),
        (("DE1", "DE11", "DE12", "DE13", "DE14"), ("DE1",)),
        (("DE", "FR", "DE1", "DE2", "DE3", "FR1"), ("DE", "FR")),
        (("AB1", "AB2", "AB10", "AB11", "AB12"), ()),
        (("PM1", "PM10", "PM25"), ()),
        (("GE", "GEV", "GEHC", "GEX"), ()),
        (("Y_LT15", "Y15-64", "Y0-4", "Y5-9", "Y10-14", "Y65+"), ("Y_LT15",)),
        (("<15", "0-4", "5-9", "10-14", "15-64", ">64"), ("<15",)),
    ],
)
def test_names_of_more_than_others_are_told(names, told, tmp_path):
    values = ("12.1", "20.4", "14.2", "30.9", "11.3", "25.8")
    found = "".join(notes(tmp_path, table_of(*zip(names, values, strict=False))))
    assert ["called" in found, *(f'"{name}"' in found for name in names)] == [
        bool(told),
        *(name in told for name in names),
    ]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Year", "Year"),
        ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec DJF MAM JJA SON Year", "DJF MAM JJA SON Year"),
        ("Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jahr", "Jahr"),
        ("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc. Année", "Année"),
        ("Monday Tuesday Wednesday Thursday Friday Saturday Sunday Weekday", "Weekday"),
        ("Mo Di Mi Do Fr Sa So Woche", "Woche"),
        ("2018 2019 2020 2021 2022 2023 CAGR", "CAGR"),
        ("2018 2019 2020 2021p 2022* 2023(e) 2024_YTD Norm_1991-2020", "2024_YTD Norm_1991-2020"),
        ("2015/16 2016/17 2017/18 2018/19 2019/20 LTA", "LTA"),
        ("0-4 5-9 10-14 15-19 20-24 25+ ASR Age-standardised", "ASR Age-standardised"),
        ("1 2 3 4 5 6 7 8 Blanko", "Blanko"),
        ("2020-01-01 2020-01-02 2020-01-03 2020-01-04 2020-01-05 Peak", "Peak"),
        ("Lab_1 Lab_2 Lab_3 Lab_4 Lab_5 Lab_6 xpt", "xpt"),
        ("S01 S02 S03 S04 S05 Solvent", "Solvent"),
        ("1898 1899 1900 1901 1902 1903 1904 Norm", "Norm"),
        ("1898 1899 1900 1901 1902 1903 1904 1905", ""),
        ("1-01 1-02 1-03 1-04 1-11 1-12 2-01 2-02", ""),
        ("G1 G2 G5 G7 G8 G9 G20 G21", ""),
        ("Legend Sable Cima Q45 Vigor Arnage", ""),
        ("Legend Sable Cima Q90 Vigor Arnage", "Q90"),
        # too few of one shape, too many of another, and what numbers are called with
        ("2018 2019 2020 2021 CAGR", ""),
        ("2018 2019 2020 2021 2022 Alpha Beta Gamma", ""),
        ("May June April August Rose Ruby Lily Iris", ""),
        ("1 2 3 4 5a 5b 6 7 90+", ""),
        ("P1 P2 P3 P4 P5 P5b Q1", ""),
        ("Austria Belgium Chile Denmark Estonia France Greece", ""),
        ("BRCA1 TP53 MYC KRAS EGFR PTEN CDK4", ""),
    ],
)
def test_names_of_another_shape_than_all_others_are_told(names, told, tmp_path):
    values = ("12.1", "20.4", "14.2", "30.9", "11.3", "25.8", "17.7", "9.6", "22.5")
    rows = zip(names.split(), [*values, *(f"1{value}" for value in values)], strict=False)
    found = "".join(notes(tmp_path, table_of(*rows)))
    assert [name for name in names.split() if f'"{name}"' in found] == told.split()[:3]


def test_a_member_that_may_sum_up_others_is_told_once(tmp_path):
    (tmp_path / "fuels.csv").write_text(
        "fuel,label\ncoal,Coal\ngas,Gas\nall_fuels,All fuels\n", encoding="utf-8"
    )
    (tmp_path / "use.csv").write_text("fuel,point\ncoal,120\ngas,200\nall_fuels,320\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        'format = 1\n[study]\ntitle = "T"\nheadline = "y"\n[indices.fuel]\ntable = "fuels.csv"\n'
        '[inputs.use]\nunit = "t"\nindex = ["fuel"]\ntable = "use.csv"\n'
        '[outputs.y]\nvalue = "sum(use)"\nunit = "t"\n',
        encoding="utf-8",
    )
    told = [each for each in un.load_study(tmp_path / "study.toml").noticed if "may sum up" in each]
    assert told == ['fuels.csv, line 4: "All fuels" may sum up other members, and is read as one.']


def test_rows_that_are_all_called_so_are_data(tmp_path):
    assert notes(tmp_path, table_of(*(("World", v) for _, v in DATA))) == ()


OF_COUNTRIES = (
    ("Albania", "Europe", "1"),
    ("France", "Europe", "2.3"),
    ("Chad", "Africa", "3.6"),
    ("Japan", "Asia", "6.2"),
    ("{name}", "{region}", "4.0"),
    ("Kenya", "Africa", "7.5"),
    ("Iran", "Asia", "8.8"),
    ("Spain", "Europe", "3.1"),
)


@pytest.mark.parametrize("region", ["Europe", "World"])
@pytest.mark.parametrize("name", ["World", "European Union", "Euro Area", "All countries", "Global average"])
@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (0, 2, 1)])
def test_a_column_of_regions_silences_no_row_of_all(name, region, order, tmp_path):
    rows = [[cell.format(name=name, region=region) for cell in row] for row in OF_COUNTRIES]
    told = "World" if order[0] == 1 and region == "World" else name
    headings = ("country", "region", "v")
    table = table_of(
        *([row[each] for each in order] for row in rows), headings=",".join(headings[n] for n in order)
    )
    said = f'v: a row called "{told}" (line 6) is read as data; leave out what is none.'
    assert said in notes(tmp_path, table)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("Africa;Asia;Europe;Oceania;North America;World", ("World",)),
        ("Africa;Asia;Europe;Oceania;European Union;World", ("World", "European Union")),
        ("Africa;Asia;Europe;Least developed countries;Oceania", ("Least developed countries",)),
        ("Low income;High income;Lower middle income;World", ("World",)),
        ("World;World;World;World;Chad", ("World",)),
        ("Boston;Denver;Miami;Tampa;All Metro Areas", ("All Metro Areas",)),
        ("Kenya Airways;Qatar Airways;Lufthansa;Alaska;All Nippon Airways", ()),
        ("Africa;Asia;Europe;Oceania;North America", ()),
        ("Low income;High income;Lower middle income;OECD", ()),
    ],
)
def test_unions_are_told_among_regions_and_rows_of_all_among_whatever(names, told, tmp_path):
    values = ("12.1", "20.4", "14.2", "30.9", "11.3", "16.8")
    found = "".join(notes(tmp_path, table_of(*zip(names.split(";"), values, strict=False))))
    assert {name for name in names.split(";") if f'"{name}"' in found} == {*told}


def test_of_many_rows_those_of_all_are_named_first_and_each_name_once(tmp_path):
    names = (
        "OECD",
        "Chad",
        "OECD",
        "Iran",
        "World",
        "Peru",
        "EU-27",
        "World",
        "Fiji",
        "Mali",
        "Togo",
        "Oman",
    )
    found = notes(tmp_path, table_of(*((name, f"{n * n + 7}.{n}") for n, name in enumerate(names))))
    said = 'rows called "World" (line 6), "OECD" (line 2), "EU-27" (line 8) and 2 more are read as data'
    assert f"v: {said}; leave out what is none." in found


@pytest.mark.parametrize(
    ("heading", "text", "others"),
    [
        ("QC", "FAIL", "PASS"),
        ("Comment", "outlier", ""),
        ("valid", "FALSE", "TRUE"),
        ("use", "0", "1"),
        ("outlier", "1", "0"),
        ("excluded", "x", ""),
        ("OBS_STATUS", "M", "A"),
        ("Flag", "M", "E"),
        ("period", "M13", "M12"),
        ("month", "13", "12"),
        ("yyyymm", "201913", "201912"),
        ("Quality", "bad", "good"),
        ("data_quality", "poor", "high"),
        ("qc_flag", "probably bad data", "good data"),
        ("Note", "suspect", ""),
        ("Remark", "questionable", ""),
        ("QC", "4", "1"),
        ("v_qc", "9", "0"),
        ("quality_code", "3", "1"),
        ("flag", "1", ""),
    ],
)
def test_rows_beside_which_somebody_says_that_they_are_none_are_told(heading, text, others, tmp_path):
    rows = [(*row, text if row[0] == "B" else others) for row in DATA]
    found = notes(tmp_path, table_of(*rows, headings=f"name,v,{heading}"))
    said = f'v: a row beside "{text}" under "{heading}" (line 3) is read as data; leave out what is none.'
    assert said in found


@pytest.mark.parametrize(
    ("heading", "text", "others"),
    [
        ("use", "0", "3"),
        ("month", "12", "11"),
        ("status", "final", "draft"),
        ("size", "1", "0"),
        ("Quality", "low", "high"),
        ("weather", "bad", "good"),
        ("case", "suspected", "confirmed"),
        ("quality", "88", "91"),
        ("flag", "no", "yes"),
    ],
)
def test_other_columns_beside_data_say_nothing_of_them(heading, text, others, tmp_path):
    rows = [(*row, text if row[0] == "B" else others) for row in DATA]
    assert notes(tmp_path, table_of(*rows, headings=f"name,v,{heading}")) == ()


@pytest.mark.parametrize("heading", ["LOD", "MDL", "Pb_RL", "detection limit"])
def test_numbers_at_their_limits_are_told(heading, tmp_path):
    rows = [(*row, "20.4" if row[0] == "B" else "11") for row in DATA]
    found = notes(tmp_path, table_of(*rows, headings=f"name,v,{heading}"))
    assert f'v: a row beside the limit 20.4 under "{heading}" (line 3) is read' in "".join(found)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["2018", "2019", "2020", "2018-2020"], "2018-2020"),
        (["2018", "2019", "2020", "2018–20"], "2018–20"),
        (["0-4", "5-9", "10-14", "0-14"], "0-14"),
        (["S1", "S2", "S3", "p95"], "p95"),
        (["Oslo", "Rome", "Bern", "P5"], "P5"),
    ],
)
def test_rows_that_span_others_and_percentiles_unlike_them_are_told(names, told, tmp_path):
    rows = [(name, v) for name, (_, v) in zip(names, DATA, strict=False)]
    said = f'v: a row called "{told}" (line 5) is read as data; leave out what is none.'
    assert said in notes(tmp_path, table_of(*rows))
    ordered = [("x", *row) for row in rows]
    assert said in notes(tmp_path, table_of(*ordered, headings="place,name,v"))


@pytest.mark.parametrize(
    "names",
    [
        ["2018-2019", "2019-2020", "2020-2021", "2021-2022"],
        ["2018/19", "2019/20", "2020/21", "2021/22"],
        ["0-1", "0-2", "0-3", "0-4", "0-5"],
        ["P1", "P2", "P95", "P7"],
        ["10-20", "11", "30-40", "50"],
        ["Africa", "Asia", "Europe", "North America"],
    ],
)
def test_rows_that_span_no_others_are_not_told(names, tmp_path):
    assert notes(tmp_path, table_of(*zip(names, (v for _, v in DATA), strict=False))) == ()


@pytest.mark.parametrize(
    ("names", "numbers", "said"),
    [
        (("Anna", "Max", "Tom", "Eve"), "12 19 14 17", ()),
        (("Anna", "Eve", "Tom", "Max"), "12 19 14 17", ()),
        (("S1", "S2", "S3", "Max"), "12 19 14 17", ("v: a row called",)),
        (("Shell", "Total", "Eni", "Repsol"), "31 12.5 14 17", ("v: a row called",)),
        (
            ("Anna", "Eve", "Tom", "Kim"),
            "1 2 3 6",
            ('v: the row "Kim" is the sum',),
        ),
        (
            ("Anna", "Eve", "Tom", "Kim"),
            "3 5 4 12",
            ('v: the row "Kim" is the sum',),
        ),
    ],
)
def test_names_of_statistics_that_their_numbers_cannot_be_are_data(names, numbers, said, tmp_path):
    found = notes(tmp_path, table_of(*zip(names, numbers.split(), strict=True)))
    assert len(found) == len(said)
    assert all(each.startswith(begun) for each, begun in zip(found, said, strict=True))


GROUPS = {"Sales": (110, 120, 135), "IT": (140, 150, 170), "HR": (160, 90, 133), "Legal": (100, 180, 123.5)}


@pytest.mark.parametrize(
    ("called", "statistic"),
    [
        ("{} Max", np.max),
        ("{} Min", np.min),
        ("{} Median", np.median),
        ("{} StdDev", lambda group: np.std(group, ddof=1)),
        ("{} StdDevp", np.std),
        ("{} Var", lambda group: np.var(group, ddof=1)),
        ("{} Count", len),
        ("{} Anzahl", len),
        ("{} Ø", np.mean),
        ("Median {}", np.median),
        ("{} (max)", np.max),
        ("Subtotal {}", np.median),
    ],
)
@pytest.mark.parametrize("is_outline", [False, True])
def test_statistics_of_groups_are_told(called, statistic, is_outline, tmp_path):
    def table(more=0):
        rows = []
        for group, numbers in GROUPS.items():
            rows += [("" if is_outline and n else group, f"{each:g}") for n, each in enumerate(numbers)] + [
                (called.format(group), f"{statistic(numbers) + more:.2f}")
            ]
        return table_of(*rows)

    said = ", ".join(f'"{called.format(each)}" (line {5 + 4 * n})' for n, each in enumerate([*GROUPS][:3]))
    assert f"v: rows called {said} and 1 more are read as data; leave out what is none." in notes(
        tmp_path, table()
    )
    if "Subtotal" not in called:
        assert not any("called" in each for each in notes(tmp_path, table(more=0.77)))


def test_the_greatest_of_all_groups_is_told_and_names_that_go_on_are_not(tmp_path):
    rows = [("A", "1.1"), ("A", "1.4"), ("A Max", "1.4"), ("B", "1.7"), ("B", "1.3"), ("B Max", "1.7")]
    said = '"A Max" (line 4), "B Max" (line 7), "Grand Max" (line 8)'
    assert f"v: rows called {said} are read" in notes(tmp_path, table_of(*rows, ("Grand Max", "1.7")))[-1]
    rows = [("Golf", "21.3"), ("Golf", "22.9"), ("Golf SE", "24.1"), ("iPhone", "9.4"), ("iPhone", "8.8")]
    assert not notes(tmp_path, table_of(*rows, ("iPhone Max", "11.2"), ("Tesla", "7.7")))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("2019-01-01|2019-01-02|2019-02-01|2019-02-02", "2019-01 2019 2019-W01 2019/02 January"),
        ("01.01.2019|02.01.2019|01.02.2019|2.2.2019", "01.2019 2019"),
        ("1/13/2019|1/14/2019|1/15/2019|1/16/2019", "01/2019 Jan-19"),
        ("2019-01-01 00:00|2019-01-01 01:00|2019-01-02 00:00|2019-01-02 01:00", "2019-01-01"),
        ("20190101|20190102|20190201|20190202", "201901"),
        ("1 Jan|2 Jan|3 Jan|4 Jan", "Jan"),
        ("2019-W01|2019-W02|2019-W03|2019-W04", "2019-01"),
        ("01/2019|02/2019|03/2019|04/2019", "2019 Q1/2019"),
        ("Jan-19|Feb-19|Mar-19|Apr-19", "2019 1Q19"),
        ("Q1/2019|Q2/2019|Q3/2019|Q4/2019", "2019 FY19"),
        ("1Q19|2Q19|3Q19|4Q19", "FY19 2019"),
        ("2015/16|2016/17|2017/18|2018/19", "2015-18 2015/18"),
        ("2008/09|2009/10|2010/11|2011/12", "2008/12"),
    ],
)
def test_longer_periods_among_others_are_told(names, told, tmp_path):
    every = names.split("|")
    for longer in told.split():
        rows = [*zip([*every[:3], longer, every[3]], (value for _, value in DATA), strict=True)]
        said = f'v: a row called "{longer}" (line 5) is read as data; leave out what is none.'
        assert said in notes(tmp_path, table_of(*rows))
    assert names_of_no_data(every) == frozenset()


@pytest.mark.parametrize(
    "names",
    [
        "2009-09|2009-10|2009-11|2009-12",
        "2008/09|2009/10|2010/11|2011/12|2012/13|2013/14",
        "2010-11|2010-12|2011-01|2011-02",
        # a program that leaves the hour of midnight out
        "2019-01-01|2019-01-01 01:00|2019-01-01 02:00|2019-01-02|2019-01-02 01:00",
        "2019-01-05|2019-02-07|A1|2019",
    ],
)
def test_periods_of_one_length_are_not_told(names):
    assert names_of_no_data(names.split("|")) == frozenset()


@pytest.mark.parametrize(
    ("replicates", "statistics"),
    [
        ("1 2 3", ["Mean", "SD"]),
        ("1 2 3", ["Mean", "SD", "RSD (%)"]),
        ("1 2 3", ["SD"]),
        ("1 2 3", ["n", "Range"]),
        ("R1 R2 R3", ["avg", "sd", "%RSD"]),
        ("a b c", ["Std. dev."]),
    ],
)
def test_every_statistic_of_replicates_is_told_and_no_replicate(replicates, statistics, tmp_path):
    rows = []
    for sample, number in enumerate((2.31, 9.27, 4.12, 7.72)):
        rows += [(f"S{sample}", each, f"{number + 0.1 * n:.2f}") for n, each in enumerate(replicates.split())]
        rows += [(f"S{sample}", each, f"{number / 9 + n:.3f}") for n, each in enumerate(statistics)]
    first = len(replicates.split()) + 2
    said = ", ".join(f'"{each}" (line {first + n})' for n, each in enumerate(statistics))
    (told,) = [each for each in notes(tmp_path, table_of(*rows, headings="Sample,Rep,v")) if "called" in each]
    assert told.startswith(f"v: rows called {said}")
    assert not any(f'"{each}"' in told for each in replicates.split())


def test_statistics_among_names_of_their_kind_are_names():
    for names in ("ND NY SD TX VA", "N E S W SE", "Max Anna Otto Ida", "Q1 Q2 R1 R2"):
        assert not {*names_of_no_data(names.split())} & {"SD", "SE", "Max", "R2"}


def test_a_number_before_a_number_calls_no_row(tmp_path):
    rows = zip("ABCDE", ("1990", "1995", "1998", "2100", "2001"), (value for _, value in DATA), strict=True)
    assert not notes(tmp_path, table_of(*rows, headings="country,2019,v"))


@pytest.mark.parametrize(
    ("headings", "column", "files"),
    [
        ("country,2019,2020", "2020", ["A,1990,1991\nB,1995,1992\n", "F,1995,1998\nG,2060,2066\n"]),
        ("name,1,2,3", "2", ["A,5,6,7\nB,6,8,8\n", "C,5,7,8\nD,3,3,3\n"]),
        ("Site , 10,20 ", "10", ["A,5,6\n", "B,6,8\n\n", "C,5,7\nD,3,3\n"]),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_headings_that_stand_again_are_refused(headings, column, files, kind, tmp_path):
    path = tmp_path / f"d.{kind}"
    line = 2 + files[0].count("\n")

    def write(text):
        if kind == "csv":
            path.write_text(text, encoding="utf-8")
            return
        book = openpyxl.Workbook()
        for row in text.splitlines():
            book.active.append([float(each) if each.strip().isdigit() else each for each in row.split(",")])
        book.save(path)

    write("".join(f"{headings}\n{each}" for each in files))
    with pytest.raises(StudyError, match=f"{line}: {column}: the headings stand again.*leave the line out"):
        read_values(path, column)
    write(f"{headings}\n{''.join(files)}")
    assert len(read_values(path, column).values) == 4


@pytest.mark.parametrize("sign", ["#", "# ", "//", "%", "% ", "!", "; "])
def test_rows_that_begin_as_comments_are_refused(sign, tmp_path):
    table = table_of(*DATA[:2], (f"{sign}X", "900"), *DATA[2:])
    with pytest.raises(InvalidValue, match=f'line 4: v: "{sign}X" begins as a comment does'):
        notes(tmp_path, table)
    path = tmp_path / "d.csv"
    with pytest.raises(StudyError, match="leave the line out, or call it otherwise"):
        read_values(path, "v")
    # what is advised is read
    assert notes(tmp_path, table.replace(f"{sign}X", "X")) == ()
    assert notes(tmp_path, table_of(*((f"#{n}", v) for n, v in DATA))) == ()


def test_totals_of_rounded_numbers_are_told(tmp_path):
    random = np.random.default_rng(1)
    for decimals, size in ((0, 5), (1, 16), (2, 40)):
        numbers = random.uniform(10, 100, size)
        rows = [(f"r{n}x", f"{each:.{decimals}f}") for n, each in enumerate(numbers)]
        total = f"{numbers.sum():.{decimals}f}"
        if float(total) == round(sum(float(v) for _, v in rows), decimals):
            total = f"{numbers.sum() + 10.0**-decimals:.{decimals}f}"
        said = "is the sum of the others but for rounding; it is read as one of the data."
        assert f"v: the row of line {size + 2} {said}" in notes(tmp_path, table_of(*rows, ("Bund", total)))
        assert f"v: the row of line 2 {said}" in notes(tmp_path, table_of(("Bund", total), *rows))
        other = f"{numbers.sum() * 1.1:.{decimals}f}"
        assert notes(tmp_path, table_of(*rows, ("Bund", other))) == ()


def test_totals_of_rounded_numbers_within_a_column_are_told(tmp_path):
    random = np.random.default_rng(2)
    for decimals, size in ((0, 40), (1, 16), (2, 60)):
        numbers = random.uniform(100, 5000, size)
        rows = [(f"r{n}x", f"{each:.{decimals}f}") for n, each in enumerate(numbers)]
        exact = sum(float(v) for _, v in rows)
        total = ("Bund", f"{exact + 10.0**-decimals:.{decimals}f}")
        below = ("s1x", "431"), ("s2x", "77"), ("s3x", "812")
        said = "it but for rounding; it is read as one of the data."
        found = notes(tmp_path, table_of(*rows, total, *below))
        assert found == (f"v: the row of line {size + 2} is the sum of all above {said}",)
        found = notes(tmp_path, table_of(*below, total, *rows))
        assert found == (f"v: the row of line 5 is the sum of all below {said}",)
        # more than rounding moves it
        other = ("Bund", f"{exact + size * 10.0**-decimals:.{decimals}f}")
        assert notes(tmp_path, table_of(*rows, other, *below)) == ()


@pytest.mark.parametrize("total", ["168", "167.9", "167.92"])
def test_a_sum_of_all_others_is_told_wherever_it_stands(total, tmp_path):
    exports = [6.41, 3.89, 7.55, 17.6, 56.1, 22.2, 10.5, 7.71, 9.26, 26.7]
    rows = [(f"r{n}x", f"{each:g}") for n, each in enumerate(exports)]
    said = "is the sum of the others; it is read as one of the data."
    for place in (2, 4, 8):
        found = notes(tmp_path, table_of(*rows[:place], ("Top 10", total), *rows[place:]))
        assert found == (f"v: the row of line {place + 2} {said}",)
        assert notes(tmp_path, table_of(*rows[:place], ("Top 10", "171.9"), *rows[place:])) == ()


@pytest.mark.parametrize(
    "numbers",
    [
        (1, 3, 20, 7, 4, 5),
        (2.6, 13, 17, 38, 71, 230, 240, 310, 470),
        (6, 13, 25, 51, 102, 204, 408, 815, 1630),
        (26, 0, 64, 0, 92, 0, 19, 26),
        (42000, 24000, 2500, 390, 77, 75, 51, 35, 14, 2, 1),
    ],
)
def test_numbers_near_to_a_sum_by_chance_or_by_a_law_are_none(numbers, tmp_path):
    rows = [(f"r{n}x", f"{each:g}") for n, each in enumerate(numbers)]
    assert notes(tmp_path, table_of(*rows)) == ()


def test_three_numbers_near_to_a_fourth_are_no_rounded_parts_of_it(tmp_path):
    said = "is the sum of the others but for rounding"
    for parts, total in (
        (("5", "6", "50"), "60"),
        (("20", "31", "12"), "64"),
        (("1.1", "2.2", "9.3"), "12.7"),
    ):
        rows = [(f"r{n}x", each) for n, each in enumerate(parts)]
        assert not any(said in each for each in notes(tmp_path, table_of(*rows, ("Bund", total))))
        more = table_of(*rows, ("r9x", "40"), ("Bund", f"{float(total) + 40:g}"))
        assert any(said in each for each in notes(tmp_path, more))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("A 30.1,A01 20.3,A02 9.9,B 50.2,B05 27.7", '"A" (line 2) sums up rows'),
        ("1 300,1.A 290,1.A.1 193,1.A.2 97,1.B 10,2 57", '"1" (line 2), "1.A" (line 3) sum up rows'),
        ("2019Q1 107,2019Q2 110,2019Q3 120,2019 337,2020Q1 102", '"2019" (line 5) sums up rows'),
        ("Food 31,  Bread 12,  Meat 19,Housing 57,  Rent 41", '"Food" (line 2) sums up rows'),
        ("1 31,10 12,11 19,2 57", ""),
        ("A 31,A1 12,A2 22,B 57", ""),
    ],
)
def test_groups_whose_parts_stand_below_them_are_told(rows, told, tmp_path):
    rows = [each.rsplit(" ", 1) for each in rows.split(",")]
    found = [each for each in notes(tmp_path, table_of(*rows)) if "codes" in each]
    assert found == (
        [f"v: {told} whose codes or names stand below it, and all are read as data."] if told else []
    )


@pytest.mark.parametrize(
    "heading",
    ["weight", "w", "fnlwgt", "PERWT", "pweight", "sampling weight", "respondents", "Number of respondents"],
)
def test_columns_that_may_say_how_much_a_row_counts_are_told(heading, tmp_path):
    found = notes(tmp_path, table_of(*((*row, "3") for row in DATA), headings=f"name,v,{heading}"))
    assert f'Each row counts once, whatever "{heading}" says' in "".join(found)


@pytest.mark.parametrize("counts", ["3.1 2.2 4.5 3.3 2.8", "0 40 80 0 40", "12 14 9 11 10"])
def test_a_letter_over_what_is_no_count_says_nothing_of_how_much_a_row_counts(counts, tmp_path):
    rows = [(*row, each) for row, each in zip(DATA, counts.split(), strict=True)]
    found = "".join(notes(tmp_path, table_of(*rows, headings="name,v,N")))
    assert ('whatever "N" says' in found) is (counts.split()[0] == "12")


def test_rows_of_a_sheet_are_told_as_those_of_a_file(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    workbook.require()
    book = openpyxl.Workbook()
    for row in (("name", "v"), *((name, float(v)) for name, v in DATA), ("World", 90.7)):
        book.active.append(row)
    book.save(tmp_path / "d.xlsx")
    assert 'called "World"' in "".join(read_values(tmp_path / "d.xlsx", "v").notes)


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("35 44 -1 23 52 61", [-1]),
        ("35 44 -9 -2 52 61 18", [-9, -2]),
        ("5 4 99 3 2 1", [99]),
        ("5 88 98 3 2 1", [88, 98]),
        ("3 0 -1 2 1 4", []),
        ("35 44 99 23 52", []),
        ("3.5 4.4 -1 2.3", []),
        ("1.05E+01 1.02E+01 -9.99E+02 1.01E+01", [-999]),
        ("10.5 10.2 -9.99E+02 10.1", []),
        ("1200 9999 1100 1400", [9999]),
        ("12000 9999 11000 14000", []),
        ("32000 18000 99999 27000", [99999]),
        ("1200 9.999e3 1100 1400", []),
    ],
)
def test_numbers_for_no_answer_are_told(data, codes, tmp_path):
    found = notes(tmp_path, table_of(*(("r", each) for each in data.split())))
    said = "is read as one of the data; leave out its row if it says that a value is missing."
    assert [*found] == [f"v: {each} {said}" for each in codes]


@pytest.mark.parametrize("heading", ["Analyte", "Parameter", "CharacteristicName", "pollutant", "metric"])
@pytest.mark.parametrize("number", ["Result", "ResultMeasureValue", "value", "Conc"])
def test_results_of_several_analytes_are_no_sample(heading, number, tmp_path):
    path = tmp_path / "d.csv"
    rows = [(what, value) for what, (_, value) in zip(("Pb", "Cd", "Pb", "Cd", "Hg"), DATA, strict=True)]
    path.write_text(table_of(*rows, headings=f"{heading},{number}"), encoding="utf-8")
    with pytest.raises(StudyError, match=f'"{heading}" says "Pb" .line 2. and "Cd" .line 3.'):
        read_values(path, number)
    path.write_text(table_of(*(("Pb", value) for _, value in rows), headings=f"{heading},{number}"))
    assert len(read_values(path, number).values) == len(DATA)


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Bemerkung", "kleiner Bestimmungsgrenze"),
        ("Bemerkung", "< BG"),
        ("remarque", "inférieur à la LQ"),
        ("comment", "< LOQ"),
        ("LOQ flag", "yes"),
    ],
)
def test_comments_that_say_limits_are_refused(heading, said, tmp_path):
    path = tmp_path / "d.csv"
    rows = [(*row, said if row[0] == "B" else "") for row in DATA]
    path.write_text(table_of(*rows, headings=f"name,v,{heading}"), encoding="utf-8")
    with pytest.raises(StudyError, match=f'line 3: v: 20.4 stands beside "{said}"'):
        read_values(path, "v")


@pytest.mark.parametrize("name", ["DM", "EWDM", "PW_DM", "Equal weights", "Panel average", "decision maker"])
def test_experts_that_a_program_has_combined_are_none(name, tmp_path):
    path = tmp_path / "a.csv"
    rows = [(each, q, "1", "2.5", f"{n}") for each, n in (("A", 4), ("B", 5), (name, 6)) for q in "st"]
    path.write_text(table_of(*rows, headings="expert,question,p5,p50,p95"), encoding="utf-8")
    with pytest.raises(StudyError, match=f'write "datum {name}" if that is an expert'):
        read_answers(path)
    # what is advised is read
    path.write_text(path.read_text().replace(name, f"datum {name}"))
    assert f"datum {name}" in read_answers(path)


def test_units_in_keys_that_commas_join_are_one_unit(tmp_path):
    path = tmp_path / "d.tsv"
    table = "freq,unit,geo\\TIME_PERIOD\t2019 \t2020 \nA,KTOE,AT\t100 \t98\nA,{unit},DE\t401 \t388\n"
    path.write_text(table.format(unit="THS_T"), encoding="utf-8")
    with pytest.raises(StudyError, match=r'is "KTOE" .line 2. and "THS_T" .line 3.; keep the rows of one'):
        read_values(path, "2019")
    path.write_text(table.format(unit="KTOE"), encoding="utf-8")
    assert read_values(path, "2019").values.tolist() == [100, 401]


@pytest.mark.parametrize(
    ("texts", "is_told"), [("kg g kg kg g", True), ("kg kg kg kg kg", False), ("m f m m f", False)]
)
@pytest.mark.parametrize("heading", ["Unit name", "measure", "ME"])
def test_units_of_a_sample_that_differ_are_told_under_any_heading(heading, texts, is_told, tmp_path):
    path = tmp_path / "d.csv"
    rows = [(*row, text) for row, text in zip(DATA, texts.split(), strict=True)]
    path.write_text(table_of(*rows, headings=f"name,v,{heading}"), encoding="utf-8")
    said = f'"{heading}" (column C) says "kg" and "g"; all numbers are read as if they were in one unit.'
    assert (said in read_values(path, "v").notes) is is_told


@pytest.mark.parametrize(
    ("code", "is_told"), [(-999.0, True), (9999.0, True), (9.96921e36, True), (-30.0, False)]
)
def test_arrays_with_numbers_for_missing_values_are_told(code, is_told):
    found = un.fit_data([*(float(v) for _, v in DATA), code], families=["normal"])
    said = f"All values but {code:.15g} lie from 11.3 to 30.9: leave out what says that a value is missing."
    assert (said in found.sentences) is is_told


@pytest.mark.parametrize("heading", ["sensor", "substance", "site", "batch"])
def test_readings_of_several_sensors_and_sites_are_one_sample(heading, tmp_path):
    path = tmp_path / "d.csv"
    rows = [(what, value) for what, (_, value) in zip("PQPQR", DATA, strict=True)]
    path.write_text(table_of(*rows, headings=f"{heading},reading"), encoding="utf-8")
    assert read_values(path, "reading").notes == ()


@pytest.mark.parametrize(("heading", "behind"), [("note", "250"), ("Comments", "075")])
@pytest.mark.parametrize("other", ["", "ok"])
def test_thousands_that_a_comma_has_parted_are_told(heading, behind, other, tmp_path):
    rows = [(name, "1", behind) if name == "B" else (name, value, other) for name, value in DATA]
    said = f'v: a row beside "{behind}" under "{heading}" (line 3) is read as data; leave out what is none.'
    assert said in notes(tmp_path, table_of(*rows, headings=f"name,v,{heading}"))
    assert notes(tmp_path, table_of(*rows, headings="name,v,size")) == ()


def test_a_row_that_counts_the_columns_is_refused(tmp_path):
    rows = "Kerala,38852,33406\nGoa,3702,1458\nSikkim,7096,610\nBihar,94163,104099\n"
    table = f"State,Area,v\n1,2,3\n{rows}"
    with pytest.raises(InvalidValue, match=r"line 2: v: the row 1, 2, 3, … numbers the columns"):
        notes(tmp_path, table)
    # a row that skips a number, and one among rows of numbers alone, are data
    assert len(read_values_of(tmp_path, table.replace("1,2,3", "1,2,4"))) == 5
    assert len(read_values_of(tmp_path, "a,b,v\n1,2,3\n4,6,5\n7,9,9\n")) == 3


def read_values_of(tmp_path, table):
    (tmp_path / "d.csv").write_text(table, encoding="utf-8")
    return read_values(tmp_path / "d.csv", "v").values
