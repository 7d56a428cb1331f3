"""A study of a workbook gives what LibreOffice calculates, as stored and where a cell is moved."""

import random

import openpyxl
import pytest
from book_files import SOFFICE, cells_of, make_book, recalculated, write_book
from openpyxl.styles import numbers
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from test_copied_formulas import SHEETS

import uncertainty as un
from uncertainty.compiled import evaluate_at_points
from uncertainty.study.scenario import scenario
from uncertainty.workbooks.cells import one_cell, read_book
from uncertainty.workbooks.checking import compared_cells, evaluated
from uncertainty.workbooks.formulas import Apply, nodes, parse_formula
from uncertainty.workbooks.functions import functions
from uncertainty.workbooks.importing import import_workbook, translated

pytestmark = [pytest.mark.slow, pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")]


class Formulas:
    """Random formulas over A1 to A12 (numbers), B1 to B12 (texts) and D1 to E6 (a table in order)."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def cell(self):
        return f"A{self.random.randint(1, 12)}"

    def cells(self):
        first = self.random.randint(1, 9)
        return f"A{first}:A{self.random.randint(first + 1, 12)}"

    def number(self, depth):
        if depth == 0:
            return self.random.choice([self.cell(), self.cell(), f"{self.random.uniform(0.1, 9):.3g}", "25%"])
        kinds = [self.operator, self.function, self.aggregate, self.choice, self.found, self.money, self.text]
        return self.random.choice(kinds)(depth - 1)

    def operator(self, depth):
        sign = self.random.choice(["+", "-", "*", "/", "^"])
        left, right = self.number(depth), self.number(depth)
        if sign == "^":
            return f"ABS({left})^{self.random.choice(['2', '-1', '0.5', '-2^2/8'])}"
        return self.random.choice(
            [
                f"({left}{sign}{right})",
                f"-{left}{sign}{right}",
                f"{left}%{sign}{right}",
                f"+{left}{sign}{right}",
            ]
        )

    def function(self, depth):
        x, y, n = self.number(depth), self.number(depth), self.random.randint(-1, 3)
        return self.random.choice(
            [
                *(f"{name}({x})" for name in ("ABS", "INT", "SIGN", "TRUNC", "ATAN", "EVEN", "ODD", "N")),
                *(f"{name}({x})" for name in ("TANH", "RADIANS", "DEGREES", "SIN", "COS", "ATAN")),
                *(f"{name}(1/(1+ABS({x})))" for name in ("ASIN", "ACOS", "SINH", "COSH", "TAN")),
                *(f"{name}({x},{n})" for name in ("ROUND", "ROUNDUP", "ROUNDDOWN")),
                f"SQRT(ABS({x}))",
                f"EXP(-ABS({x}))",
                f"LN(1+ABS({x}))",
                f"LOG(2+ABS({x}),3)",
                f"LOG10(1+ABS({x}))",
                f"ATAN2({x},{y})",
                f"QUOTIENT({x},{self.cell()})",
                f"ISEVEN({x})+2*ISODD({y})",
                f"CEILING({x},SIGN({x}))+FLOOR(ABS({y}),0.5)",
                "FACT(A2)+COMBIN(5,A2)",
                f"MOD({x},{self.cell()})",
                f"MROUND(ABS({x}),2)",
                f"POWER(ABS({x}),1.5)",
                f"PI()*{x}",
            ]
        )

    def money(self, depth):
        x, n = self.number(depth), self.random.randint(2, 20)
        return self.random.choice(
            [
                f"PV(0.03,{n},{x})",
                f"FV(0.03,{n},{x},{self.cell()},1)",
                f"PMT(0.02,12,{x})",
                f"NPV(0.04,{x},{self.cells()})",
                f"NPER(0.01,-ABS({x})-1,20,3)",
                f"IPMT(0.02,3,12,{x},1)",
                f"PPMT(0.02,A2,12,{x})",
                "XNPV(0.05,A1:A4,F1:F4)",
                f"SLN({x},{self.cell()},{n})",
                f"EFFECT(0.01*{self.cell()},4)+NOMINAL(0.01*{self.cell()},12)",
                f"_xlfn.RRI({n},{self.cell()},{self.cell()})",
            ]
        )

    def text(self, depth):
        del depth
        word, n = self.random.choice(["B1", "B2", "B3"]), self.random.randint(1, 4)
        return self.random.choice(
            [
                f'LEN(LEFT({word},{n})&RIGHT({word})&MID({word},2,{n}))+FIND("t",{word}&"t")',
                f'SEARCH("T",CONCATENATE({word},"t"))+EXACT(UPPER({word}),"NORTH")',
                f'EXACT(PROPER({word}),"South")+LEN(REPT({word},{n}))',
                f'LEN(SUBSTITUTE(TRIM(" "&{word}),"o","--"))+VALUE("1.5")+LEN(LOWER({word}))',
                f"LEN(_xlfn.CONCAT(B1:B{n},{word}))",
                "YEAR(F2)+MONTH(F3)+DAY(F4)",
                f"EDATE(F1,{n})-DATE(2020,1,31)+_xlfn.DAYS(F2,F1)",
                f"EOMONTH(F3,{n}-3)",
            ]
        )

    def aggregate(self, depth):
        cells, x, n = self.cells(), self.number(depth), self.random.randint(1, 2)
        return self.random.choice(
            [
                *(f"{name}({cells},{x})" for name in ("SUM", "MIN", "MAX", "SUMSQ")),
                *(f"{name}({cells})" for name in ("AVERAGE", "MEDIAN", "COUNT", "DEVSQ", "AVEDEV")),
                *(f"{name}({cells})" for name in ("STDEV", "STDEVP", "VAR", "VARP", "GEOMEAN", "HARMEAN")),
                *(f"_xlfn.{name}({cells})" for name in ("STDEV.S", "STDEV.P", "VAR.S", "VAR.P")),
                *(f"{name}(A1:A6,A7:A12)" for name in ("SUMPRODUCT", "CORREL", "PEARSON", "SLOPE", "RSQ")),
                "INTERCEPT(A1:A6,A7:A12)*SUMX2PY2(A1:A6,A7:A12)",
                f"SUMXMY2({cells},{cells})+SUMX2MY2(A1:A6,A7:A12)+SUMXMY2(A1:A6,A7:A12)",
                *(f"{name}(A1:A6,A7:A12)" for name in ("COVAR", "_xlfn.COVARIANCE.S", "_xlfn.COVARIANCE.P")),
                f"FORECAST({x},A1:A6,A7:A12)-_xlfn.FORECAST.LINEAR(A1,A1:A6,A7:A12)",
                f"PERCENTILE({cells},0.3)+_xlfn.PERCENTILE.INC(A1:A9,0.5)",
                f"QUARTILE({cells},{n})+_xlfn.QUARTILE.INC(A1:A5,{n})",
                f"RANK({self.cell()},A1:A12)*10+_xlfn.RANK.EQ({self.cell()},A1:A12,1)",
                f"PRODUCT({cells})/1000+SUM(A:A,5:5)/SUBTOTAL({n},{cells},E1:E6)",
                f"SUM(listed)*rate+third-own*{x}",
                f"SUBTOTAL(9,{cells})-SUBTOTAL(101,A:A)",
                "COUNTA(A1:B12)+COUNTBLANK(A10:B15)",
                'COUNTIF(A1:A12,">2")',
                'SUMIF(B1:B12,"north",A1:A12)',
                f'SUMIF(A1:A12,">"&{self.cell()})',
                'COUNTIFS(A1:A12,"<6",B1:B12,"s*")',
                f'SUMIFS(A1:A12,B1:B12,"south",A1:A12,">"&{self.cell()})',
                f'AVERAGEIF(A1:A12,"<"&({self.cell()}+9))',
                f'AVERAGEIFS(A1:A12,B1:B12,"east",A1:A12,"<"&({self.cell()}+9))',
                f'_xlfn.MINIFS(A1:A12,B1:B12,"east",A1:A12,">"&{self.cell()})',
                f'_xlfn.MAXIFS(A1:A12,A1:A12,"<"&{self.cell()})',
                f'SUMPRODUCT((B1:B12="south")*(A1:A12>{self.cell()})*A1:A12)',
                f"SUMPRODUCT(TRANSPOSE(D1:D6)*A1)+LARGE({cells},2)-SMALL({cells},A2)",
                f"ROWS({cells})+COLUMNS(A1:C2)+ROW(A3)*COLUMN(B1)",
            ]
        )

    def condition(self):
        sign = self.random.choice(["<", ">", "<=", ">=", "=", "<>"])
        text = f'{self.random.choice(["B1", "B2", "B3"])}{self.random.choice(["=", "<>"])}"north"'
        return self.random.choice([f"{self.cell()}{sign}{self.cell()}", text])

    def choice(self, depth):
        yes, no, test, other = self.number(depth), self.number(depth), self.condition(), self.condition()
        return self.random.choice(
            [
                f"IF({test},{yes},{no})",
                f"IF(AND({test},{other}),{yes},{no})",
                f"IF(OR({test},NOT({other})),{yes},{no})",
                f"IFERROR({yes}/({self.cell()}-{self.cell()}),{no})",
                f"CHOOSE(INT(1+{self.cell()}/5),{yes},{no})",
                f"({test})*{yes}",
                f"IF(_xlfn.XOR({test},{other}),{yes},{no})",
                f"_xlfn.IFS({test},{yes},TRUE(),{no})",
                f'_xlfn.SWITCH({self.random.choice(["B1", "B2"])},"north",{yes},"east",3,{no})',
                f"IF(ISERROR({yes}/({self.cell()}-{self.cell()})),FALSE(),{no})",
                "ISNUMBER(A1)+ISTEXT(B1)*2+ISNONTEXT(A1)*4+ISLOGICAL(A1=2)*8+ISBLANK(C9)*16+ISNA(NA())*32",
                f"_xlfn.IFNA(VLOOKUP(99,D1:E6,2,FALSE),{yes})",
                f"IF({test},{yes})",
            ]
        )

    def found(self, depth):
        del depth
        key = self.random.choice([self.cell(), "2.5", "3"])
        return self.random.choice(
            [
                f"VLOOKUP(1+{key},D1:E6,2)",
                "VLOOKUP(3,D1:E6,2,FALSE)",
                'INDEX(A1:A12,MATCH("south",B1:B12,0))',
                f"INDEX(E1:E6,MATCH({key}+1,D1:D6))",
                "INDEX(A1:B12,4,1)",
                f"LOOKUP({key}+1,D1:D6,E1:E6)",
                "HLOOKUP(2,D8:E9,2,FALSE)",
                f"IFERROR(VLOOKUP({key},D1:E6,2,FALSE),-1)",
            ]
        )


DATA = {
    **{f"A{n}": x for n, x in enumerate((1.5, 2, 7.25, 4, 2.25, 3.1, 0.75, 5.5, 6, 8.125, 1, 9.75), 1)},
    **{f"B{n}": x for n, x in enumerate(("north", "south", "east") * 4, 1)},
    **{f"D{n}": n - 1 for n in range(1, 7)},
    **{f"E{n}": n * n + 0.5 for n in range(1, 7)},
    **{f"F{n}": day for n, day in enumerate((43861, 44000, 44196.0, 44621), 1)},
    "D8": 1,
    "E8": 2,
    "D9": 10.5,
    "E9": 20.5,
}


# places and numbers of digits, for which A2 stands in formulas, decide once and for all, and are said to
MOVED = {
    **{f"A{n}": x for n, x in enumerate((2.5, 2, 1.1, 6.5, 0.4, 3, 8.2, 2.6, 5.25, 7, 4.8, 1.9), 1)},
    **{f"E{n}": 40.25 - n * n for n in range(1, 7)},
}

TOO_NEW = {"XLOOKUP", "XMATCH", "LET"}
"""Functions that LibreOffice has had only lately, which other tests hold to what Excel gives."""
NAMED = {"listed": "S!$A$2:$A$9", "rate": "0.035", "third": "S!$A$3"}


def with_names(own="", **names):
    def change(book):
        for name, text in names.items():
            book.defined_names[name] = DefinedName(name, attr_text=text)
        if own:
            book["S"].defined_names["own"] = DefinedName("own", attr_text=own)

    return change


@pytest.fixture(scope="module")
def random_formulas(tmp_path_factory):
    """Return random formulas, and the workbooks of them that LibreOffice calculated from two sets of data."""
    make = Formulas(18)
    formulas = [make.number(make.random.randint(1, 4)) for _ in range(1_000)]
    cells = {f"G{20 + n}": f"={text}" for n, text in enumerate(formulas)}
    folder = tmp_path_factory.mktemp("random")
    change = with_names("S!$A$4", **NAMED)
    stored, moved = (
        make_book(folder / name, {"S": {**DATA, **data, **cells}}, change)
        for name, data in (("stored.xlsx", {}), ("moved.xlsx", MOVED))
    )
    stored, moved = recalculated(folder, stored, moved)
    book = read_book(stored)
    translation = translated(book, [one_cell("S", 20 + n, 7) for n in range(len(formulas))])
    return formulas, translation, read_book(moved)


def missed(formulas, found, wanted):
    return [
        (text, value, wanted[where])
        for n, text in enumerate(formulas)
        if (where := f"S!G{20 + n}") in wanted
        and (value := found[where]) is not None
        and not abs(value - wanted[where]) <= 1e-9 * max(1, abs(wanted[where]))
    ]


def test_random_formulas_give_what_libreoffice_gives(random_formulas):
    formulas, translation, _ = random_formulas
    used = {
        node.function
        for text in formulas
        for node in nodes(parse_formula(f"={text}"))
        if isinstance(node, Apply)
    }
    assert functions().keys() - used == TOO_NEW
    assert translation.faults == {}
    compared = [each for each in compared_cells(translation) if not each.error]
    found = {each.cell: each.recalculated for each in compared}
    assert missed(formulas, found, {each.cell: each.stored for each in compared}) == []
    assert len(compared) >= 700  # the others are errors to LibreOffice, too


def test_random_formulas_move_as_they_do_in_libreoffice(random_formulas):
    formulas, translation, moved = random_formulas
    numbers = {
        where: float(value)
        for where, at in translation.inputs.items()
        if isinstance(value := moved.cell(at).value, float | int)
    }
    for name in translation.equations:
        numbers[name] = evaluated(translation, name, numbers)
    wanted = {
        f"S!G{20 + n}": float(value)
        for n in range(len(formulas))
        if isinstance(value := moved.cell(one_cell("S", 20 + n, 7)).value, float | int)
    }
    assert missed(formulas, {where: numbers.get(where) for where in wanted}, wanted) == []


def with_list(place, options):
    def change(book):
        offered = DataValidation(type="list", formula1=options, allow_blank=True)
        sheet = book[place.partition("!")[0]]
        sheet.add_data_validation(offered)
        offered.add(place.partition("!")[2])

    return change


def with_percents(book):
    for place in ("B2", "B3"):
        book["In"][place].number_format = numbers.FORMAT_PERCENTAGE_00


def with_merged_heading(book):
    book["Plan"].merge_cells("B1:D1")


FACTORS = {
    "A1": "Fuel",
    "A2": "gas",
    "A3": "coal",
    "A4": "wood",
    "B1": "kg/MWh",
    "B2": 202,
    "B3": 354,
    "B4": 18,
}
YEARS = {f"{column}1": 2025 + n for n, column in enumerate("BCDEF")}
BOOKS = {
    "text-lookup": (
        {
            "Factors": FACTORS,
            "Calc": {
                "A1": "Fuel",
                "B1": "coal",
                "A2": "Energy (MWh)",
                "B2": 12.5,
                "A3": "Emissions",
                "B3": "=B2*VLOOKUP(B1,Factors!A2:B4,2,FALSE)",
            },
        },
        with_list("Calc!B1", "Factors!$A$2:$A$4"),
        "Calc!B3",
        "Calc!B1",
        "wood",
    ),
    "drop-down-if": (
        {
            "S": {
                "A1": "Scenario",
                "B1": "low",
                "A2": "Base",
                "B2": 8,
                "B4": '=B2*IF(B1="high",2,IF(B1="middle",1.5,1))+IF(UPPER(B1)="LOW",0.5,0)',
            }
        },
        with_list("S!B1", '"high,middle,low"'),
        "S!B4",
        "S!B1",
        "middle",
    ),
    "tax-steps": (
        {
            "T": {
                "A1": 0,
                "B1": 0.1,
                "A2": 1000,
                "B2": 0.2,
                "A3": 5000,
                "B3": 0.4,
                "D1": "Income",
                "E1": 4200,
                "D2": "Tax",
                "E2": "=E1*VLOOKUP(E1,A1:B3,2,TRUE)",
            }
        },
        None,
        "T!E2",
        "T!E1",
        7300,
    ),
    "series": (
        {
            "P": {
                "A2": "Demand",
                "B2": 100,
                **YEARS,
                **{f"{b}2": f"={a}2*(1+$B$5)" for a, b in zip("BCDE", "CDEF", strict=True)},
                "A3": "Total",
                "B3": "=SUM(B2:F2)",
                "A5": "Growth",
                "B5": 0.03,
                "A6": "Present",
                "B6": "=NPV(B5,B2:F2)/AVERAGE(B1:F1)",
            }
        },
        None,
        "P!B6",
        "P!B5",
        0.08,
    ),
    "names": (
        {"In": {"A1": "Mass", "B1": 3.5, "A2": "Factor", "B2": 2.1}, "Out": {"B1": "=mass*factor+SUM(both)"}},
        with_names(mass="In!$B$1", factor="In!$B$2", both="In!$B$1:$B$2"),
        "Out!B1",
        "In!B2",
        5,
    ),
    "percents": (
        {
            "In": {
                "A2": "Share",
                "B2": 0.06,
                "C2": "%",
                "A3": "Losses",
                "B3": 0.125,
                "A4": "Left",
                "B4": "=100*(1-B2)*(1-B3)^2",
            }
        },
        with_percents,
        "In!B4",
        "In!B2",
        0.11,
    ),
    "merged-heading": (
        {
            "Plan": {
                "B1": "Costs",
                "B2": "Build",
                "C2": "Run",
                "D2": "Close",
                "A3": "Site",
                "B3": 10,
                "C3": 4,
                "D3": 2,
                "A4": "All",
                "B4": "=MAX(B3:D3)+SUMPRODUCT(B3:D3,{1,2,3})",
            }
        },
        with_merged_heading,
        "Plan!B4",
        "Plan!C3",
        40,
    ),
    "conditional-sums": (
        {
            "D": {
                **{f"A{n}": ("bus", "car", "bus", "bike")[n % 4] for n in range(1, 13)},
                **{f"B{n}": 1.25 * n for n in range(1, 13)},
                "D1": '=SUMIF(A1:A12,"bus",B1:B12)/COUNTIF(B:B,">"&B4)',
            }
        },
        None,
        "D!D1",
        "D!B6",
        1.5,
    ),
    "guarded": (
        {
            "S": {
                "A1": "Parts",
                "B1": 0,
                "A2": "Whole",
                "B2": 8,
                "B3": "=IFERROR(B2/B1,99)+IF(AND(B1>0,B2>0),1,0)",
            }
        },
        None,
        "S!B3",
        "S!B1",
        4,
    ),
    "across-sheets": (
        {
            "First sheet": {"B2": 4, "A2": "Flow"},
            "It's second": {"B2": "='First sheet'!B2^2", "B3": "=INDEX('First sheet'!A1:B3,2,2)"},
            "Sum": {"C1": "=ROUND(SUM('It''s second'!B2:B3)*1.2345,1)*3"},
        },
        None,
        "Sum!C1",
        "First sheet!B2",
        7.3,
    ),
    **{
        f"copied-{name}": ({"S": cells}, None, "S!B10", cell, to)
        for name, cells, cell, to in (
            ("growth", SHEETS["growth"], "S!D3", 4.5),
            ("stock", SHEETS["stock"], "S!B2", 7.5),
            ("first", SHEETS["first"], "S!B3", 9.25),
            ("matrix", SHEETS["matrix"], "S!C8", 9.25),
            ("list", SHEETS["list"], "S!B5", 0.25),
            ("mended", SHEETS["mended"], "S!E2", 40),
            ("lagged", SHEETS["lagged"], "S!C3", 3),
            ("counted", SHEETS["counted"], "S!B1", 2010),
            ("so-far", SHEETS["so-far"], "S!D2", 9.5),
            ("down", SHEETS["down"], "S!C2", 0.25),
        )
    },
    "elements": (
        {
            "L": {
                **{f"A{n}": value for n, value in enumerate((3, 1.5, 8, 2.5, 8, 5.5), 1)},
                **{f"B{n}": word for n, word in enumerate(("gas", "coal", "gas", "oil", "oil", "peat"), 1)},
                **{f"D{n}": 10 * n for n in range(1, 7)},
                **{f"{c}1": n for n, c in enumerate("FGH", 1)},
                "E1": '=SUM(SUMIF(B1:B6,{"coal","gas"},A1:A6),COUNTIF(A1:A6,{">2";">3"}),LARGE(A1:A6,{1,3}))'
                "+SUMPRODUCT(MOD(ROW(A1:A6),2)*A1:A6)+SUMPRODUCT((COLUMN(F1:H1)>6)*F1:H1)"
                '+SUMPRODUCT(1/COUNTIF(D1:D6,D1:D6))+SUMPRODUCT(COUNTIF(A1:A6,">"&A1:A6))'
                '+SUMPRODUCT(--ISNUMBER(MATCH(B1:B6,{"coal","oil"},0)),A1:A6)+SUMPRODUCT(RANK(A1:A6,A1:A6))'
                "+SUMPRODUCT(LOOKUP(A1:A6*10,D1:D6,A1:A6))+LOOKUP(2,1/(A1:A6>5),D1:D6)"
                "+SUMPRODUCT(COUNTIFS(A1:A6,A1:A6,B1:B6,B1:B6))+SUM(VLOOKUP(20,{10,1,2;20,3,4},{2,3},FALSE))",
                "A9": '=COUNTIF(A1,">2")',
                "E2": "=SUM(E1,A9)",
            }
        },
        None,
        "L!E2",
        "L!A4",
        9.75,
    ),
    "array-without-else": (
        {
            "L": {
                **{f"A{n}": value for n, value in enumerate((3, 1.5, 8, 2.5), 1)},
                "C1": ArrayFormula("C1", "=AVERAGE(IF(A1:A4>0,A1:A4))+MIN(IF(A1:A4>0,A1:A4))"),
                "C2": ArrayFormula("C2", "=C1+COUNT(IF(A1:A4>0,A1:A4))+MAX(IF(A1:A4<-1,A1:A4))"),
            }
        },
        None,
        "L!C2",
        "L!A4",
        -7,
    ),
    "texts-take-no-period": (
        {
            "L": {
                **{f"A{n}": value for n, value in enumerate((3, 1.5, 8, 2.5), 1)},
                **{f"B{n}": f'=IF(A{n}>2,A{n},"")' for n in range(1, 5)},
                "C1": '=NPV(0.1,B1:B4)+10*COUNTBLANK(B1:B4)+100*COUNTIF(B1:B4,"")+MAX(B1:B4)',
            }
        },
        None,
        "L!C1",
        "L!A1",
        0.5,
    ),
    "growing-range": (
        {
            "L": {
                **{f"A{n}": n * 0.5 for n in range(1, 31)},
                "C1": "=SUM(A:A)/COUNT(A:A)+MEDIAN(A1:A9)*MOD(SUM(A1:A5),3)",
            }
        },
        None,
        "L!C1",
        "L!A4",
        6.75,
    ),
}


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Return each workbook as LibreOffice calculated it, and what it gives after a change."""
    folder = tmp_path_factory.mktemp("books")
    paths = []
    for name, (sheets, change, _, moved, to) in BOOKS.items():
        title, _, place = moved.rpartition("!")
        paths.append(make_book(folder / f"{name}.xlsx", sheets, change))
        changed = {**sheets, title: {**sheets[title], place: to}}
        paths.append(make_book(folder / f"{name}-moved.xlsx", changed, change))
    return {path.stem: path for path in recalculated(folder, *paths)}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_is_reproduced_and_moves_as_it_does_in_libreoffice(calculated, tmp_path, name):
    _, _, cell, moved, to = BOOKS[name]
    made = import_workbook(calculated[name], [cell])
    assert all(each.is_reproduced for each in made.comparisons)
    path = tmp_path / "made.toml"
    path.write_text(made.text)
    study = un.load_study(path)
    assert all(row.status == "reproduced" for row in un.reproduce(study).figures.values())
    own, _ = cells_of(study)[moved]
    if isinstance(to, str):
        ((choice, options),) = [(name, each.options) for name, each in study.choices.items()]
        plan = scenario(
            study, choose={choice: next(key for key, each in options.items() if each.label == to)}
        )
    else:
        plan = scenario(study, override={own: to})
    (found,) = evaluate_at_points(plan, list(study.outputs)).values()
    title, _, place = cell.rpartition("!")
    expected = openpyxl.load_workbook(calculated[f"{name}-moved"], data_only=True)[title][place].value
    assert found == pytest.approx(expected, rel=1e-9)


def shared_book(path, rate, values):
    """Write rows of one formula that was copied, stored once for all of them."""
    begin = '<f t="shared" ref="{0}2:{0}9" si="{1}">{2}</f>'
    formulas = {"B": (0, "A2*$E$1+B1"), "C": (1, "ROUND(B2/A2,2)*$E$2")}
    cells = {f"A{n}": n * 1.5 for n in range(2, 10)} | {"B1": 2.0, "E1": rate, "E2": 3.0}
    for column, (number, text) in formulas.items():
        first = begin.format(column, number, text)
        later = f'<f t="shared" si="{number}"/>'
        for n in range(2, 10):
            cells[f"{column}{n}"] = (first if n == 2 else later, values.get(f"{column}{n}"))
    return write_book(path, {"S": cells | {"E4": ("SUM(B2:B9)/C5", values.get("E4"))}})


def test_shared_formulas_are_reproduced_and_move_as_they_do_in_libreoffice(tmp_path):
    paths = [shared_book(tmp_path / f"{rate}.xlsx", rate, {}) for rate in (0.5, 0.8)]
    stored, moved = (
        {
            cell.coordinate: cell.value
            for row in openpyxl.load_workbook(path, data_only=True)["S"]
            for cell in row
        }
        for path in recalculated(tmp_path, *paths)
    )
    made = import_workbook(shared_book(tmp_path / "shared.xlsx", 0.5, stored), ["E4"])
    assert len(made.comparisons) == 10
    assert all(each.is_reproduced for each in made.comparisons)
    path = tmp_path / "made.toml"
    path.write_text(made.text)
    study = un.load_study(path)
    own, _ = cells_of(study)["S!E1"]
    (found,) = evaluate_at_points(scenario(study, override={own: 0.8}), list(study.outputs)).values()
    assert found == pytest.approx(moved["E4"], rel=1e-9)
