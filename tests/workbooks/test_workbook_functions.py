"""What functions of spreadsheets give: as LibreOffice calculates, and where Excel differs as Excel does."""

import re
from pathlib import Path

import pytest
from book_files import write_book

from uncertainty.workbooks.cells import address, one_cell, read_book
from uncertainty.workbooks.checking import agree, compared_cells
from uncertainty.workbooks.functions import functions
from uncertainty.workbooks.importing import translated

NUMBERS = {f"A{row}": value for row, value in enumerate((1.5, 2, 7.3, 4, 2.25, 3, 0.07), 1)} | {"A8": "text"}
COLOURS = {f"B{row}": word for row, word in enumerate(("red", "blue", "green", "red", "Red", "blue"), 1)}
DATA = {
    **NUMBERS, **COLOURS, **{f"C{row}": row * 1.1 for row in range(1, 7)},
    "D1": True, "D2": 5,
    **{f"E{row}": row for row in range(1, 6)}, **{f"F{row}": row * row for row in range(1, 6)},
    **{f"{column}7": n for n, column in enumerate("EFGH", 1)},
    **{f"{column}8": 10 * n for n, column in enumerate("EFGH", 1)},
    "G1": 44333, "G2": 45292, "H1": 0.3, "H2": 0.1,
}  # fmt: skip

BY_LIBREOFFICE = [
    ("-2^2", 4),
    ("2^3^2", 64),
    ("50%*3", 1.5),
    ("-A1%", -0.015),
    ("A1+A2*A3-A4/A5", 14.3222222222222),
    ("SUM(A1:A6)", 20.05),
    ("SUM(A1:A10)", 20.12),
    ("AVERAGE(A1:A10)", 2.87428571428571),
    ("MEDIAN(A1:A5)", 2.25),
    ("MEDIAN(A1:A6)", 2.625),
    ("MIN(A1:A10)+MAX(A1:A10)", 7.37),
    ("SUMSQ(A1:A4)", 75.54),
    ("PRODUCT(A1:A4)", 87.6),
    ("SUMPRODUCT(A1:A3,A4:A6)", 32.4),
    ("SUMPRODUCT((A1:A6>2)*A1:A6)", 16.55),
    ('SUMPRODUCT((B1:B6="red")*(A1:A6))', 7.75),
    ("SUMPRODUCT(--(A1:A6>2))", 4),
    ("COUNT(A1:B10)", 7),
    ("COUNTA(A1:B10)", 14),
    ('COUNTIF(A1:A6,">2")', 4),
    ('COUNTIF(B1:B6,"re*")', 3),
    ('COUNTIFS(A1:A6,">1",B1:B6,"red")', 3),
    ('SUMIF(B1:B6,"RED",A1:A6)', 7.75),
    ('SUMIF(A1:A6,">"&A2)', 16.55),
    ('SUMIFS(A1:A6,B1:B6,"red",A1:A6,"<5")', 7.75),
    ('AVERAGEIF(B1:B6,"blue",A1:A6)', 2.5),
    ("STDEV(A1:A6)", 2.12612715204587),
    ("STDEVP(A1:A6)", 1.9408796688329),
    ("VAR(A1:A6)", 4.52041666666667),
    ("ROUND(2.5,0)+ROUND(-2.5,0)+ROUND(A3*1.005,2)", 7.34),
    ("ROUND(1.005,2)", 1.01),
    ("ROUND(-1234.5,-2)", -1200),
    ("ROUNDUP(A3*1.01,1)", 7.4),
    ("ROUNDDOWN(-A3*1.09,1)", -7.9),
    ("ROUNDUP(-3.2,0)", -4),
    ("ROUNDUP(3,0)", 3),
    ("TRUNC(-3.7)", -3),
    ("ABS(-A1)", 1.5),
    ("SQRT(A2)+EXP(A1/10)+LN(A3)+LOG(A3)+LOG(A3,2)+LOG10(A4)", 8.8972014686968),
    ("PI()*A1", 4.71238898038469),
    ("POWER(A1,A2)", 2.25),
    ("INT(-A3/2)", -4),
    ("MOD(-A3,A2)", 0.7),
    ("IF(H1*3=0.9,A1,A2)", 1.5),
    ("(H1*3-0.9)=0", True),
    ("IF(H1-H2=0.2,1,2)", 1),
    ("IF(0.9>=H1*3,1,2)+IF(H1*3<0.9,1,2)+IF(H1*3<>0.9,1,2)", 5),
    ("FLOOR(H1/H2,1)+INT(H1/H2)+TRUNC(H1/H2)+QUOTIENT(H1,H2)", 12),
    ("CEILING(H2*3,0.1)+INT(-H1/H2)", -2.7),
    ("N(A8)+N(D1)+N(A1)", 2.5),
    ("MOD(A3,-A2)", -0.7),
    ("NPV(0.05,A1:A6)", 16.8410348183987),
    ("NPV(A7,A1,A2,A3)", 9.10772111672815),
    ("PV(0.05,10,-100)", 772.173492918482),
    ("PV(A7,A2,-A3,A4,1)", 10.6286749934492),
    ("PMT(0.05/12,120,10000)", -106.065515239075),
    ("PMT(0,10,100)", -10),
    ("FV(0.05,10,-100,-50,1)", 1402.1234475715),
    ("CHOOSE(2,A1,A2,A3)", 2),
    ("CHOOSE(A2,A1,A2,A3)", 2),
    ("IF(A1>A2,A3,A4)", 4),
    ("IF(A1>A2,A3)", False),
    ("IF(A2>A1,A3)", 7.3),
    ('IF(B1="red",A1,A2)', 1.5),
    ('IF(B1<>"Red",A1,A2)', 2),
    ("IF(AND(A1>0,A2>0),A3,A4)", 7.3),
    ("IF(OR(A1>100,NOT(A2>0)),A3,A4)", 4),
    ("IFERROR(A1/0,A2)", 2),
    ("IFERROR(A1/A9,A2)", 2),
    ("IFERROR(SQRT(-A1),7)", 7),
    ("IFERROR(A1/A2,7)", 0.75),
    ('IFERROR(VLOOKUP("nobody",B1:C6,2,FALSE),42)', 42),
    ('VLOOKUP("blue",B1:C6,2,FALSE)', 2.2),
    ('VLOOKUP("BLUE",B1:C6,2,0)', 2.2),
    ("VLOOKUP(A2,E1:F5,2)", 4),
    ("VLOOKUP(A2+0.5,E1:F5,2,TRUE)", 4),
    ("VLOOKUP(3,E1:F5,2,FALSE)", 9),
    ("HLOOKUP(3,E7:H8,2,FALSE)", 30),
    ("INDEX(C1:C6,3)", 3.3),
    ("INDEX(E1:F5,2,2)", 4),
    ('INDEX(C1:C6,MATCH("green",B1:B6,0))', 3.3),
    ("MATCH(3.5,E1:E5)", 3),
    ("MATCH(A2,E1:E5,1)", 2),
    ("SUM(INDEX(E1:F5,0,2))", 55),
    ("INDEX(F1:F5,MATCH(A2,E1:E5,0))", 4),
    ("A9+1", 1),
    ("A9=0", True),
    ('A9=""', True),
    ('B9=""', True),
    ("D1+1", 2),
    ("IF(D1,1,2)", 1),
    ('"5"+1', 6),
    ('"abc"="ABC"', True),
    ('"a"<"b"', True),
    ('1<"a"', True),
    ('IF(B1&"x"="redx",1,0)', 1),
    ('IF(UPPER(B1)="RED",1,0)', 1),
    ('IF(TRIM("  a  b ")="a b",1,0)', 1),
    ('LEN("abc")', 3),
    ("SUM(A:A)", 20.12),
    ("SUM(E:E)/COUNT(E:E)", 3.71428571428571),
    ("YEAR(DATE(2024,3,1))", 2024),
    ("YEAR(G1)", 2021),
    ("DATE(2024,13,1)-DATE(2024,1,1)", 366),
    ("G2-G1", 959),
    ("(A1+A2)/(A3-A4)^2", 0.321395775941231),
    ("1E+3*A1", 1500),
    ("+A1", 1.5),
    ("--A1", 1.5),
    ("2^-1", 0.5),
    ("-A1^2", 2.25),
    ("A1^-A2", 0.444444444444444),
    ('IF(A1>A2,"high","low")="low"', True),
    ('IF(IF(A1>A2,"high","low")="low",A3,A4)', 7.3),
    ("LARGE(A1:A6,2)+SMALL(A1:A6,2)", 6),
    ("SIGN(-A1)+SIGN(A9)", -1),
    ("COUNTBLANK(A1:A10)", 2),
    ("ROWS(A1:A6)+COLUMNS(A1:B6)", 8),
    ("ISNUMBER(A1)+ISBLANK(A9)", 2),
    ("ISERROR(A1/A9)", True),
    ("CEILING(A3,0.5)+FLOOR(A3,0.5)", 14.5),
    ("MAX(A1:A3,100)", 100),
    ("TRUE()+1", 2),
    ("IF(TRUE,A1,A2)", 1.5),
    ("SUM({1,2,3})*A1", 9),
    ("SUMPRODUCT({1;2;3},A1:A3)", 27.4),
    ("COUNTIF(A1:A6,A2)", 1),
    ('COUNTIF(B1:B6,"<>red")', 3),
    ('COUNTIF(A1:B10,"<>3")', 19),
    ("AND(A1:A6)", True),
    ("PRODUCT(B1:B3)", 0),
    ("MIN(B1:B3)", 0),
    ("EXP(1)", 2.71828182845905),
    ('SUMIF(E1:E5,">=3",F1:F5)', 50),
]
BY_EXCEL = [
    ("SUM(D1:D2)", 5),  # a range's truth values are skipped
    ('SUM(A1,TRUE,"3")', 5.5),
    ('AVERAGE(A1,A2,"4")', 2.5),
    ('TRUE>"z"', True),
    ("-2^2", 4),
    # the days of 1900 that no calendar has, and the day before them
    ("DAY(59)+DAY(60)+DAY(61)", 58),
    ("MONTH(60)*100+MONTH(61)", 203),
    ("YEAR(0)+MONTH(0)+DAY(0.9)", 1901),
    ("DATE(1900,2,29)+DATE(1900,3,0)+DATE(0,1,60)", 180),
    ("DATE(1900,3,1)-DATE(1900,2,28)", 2),
    ("EOMONTH(32,0)+EDATE(31,1)", 120),
    ("ATAN2(A1,0)", 0),
    ("ATAN2(A9,A1)+ATAN2(0,-A1)", 0),
    ("ATAN2(-A1,0)", 3.14159265358979),
    ("MOD(-7,3)", 2),
    ("INT(-2.5)", -3),
    ("ROUND(-0.5,0)", -1),
    ('VLOOKUP("b*",B1:C6,2,FALSE)', 2.2),
    ("XLOOKUP(9,E1:E5,F1:F5,-1)", -1),
    ("XLOOKUP(2.5,E1:E5,F1:F5,0,-1)", 4),
    ("XLOOKUP(2.5,E1:E5,F1:F5,0,1)", 9),
    ("XMATCH(2.5,E1:E5,1)", 3),
    ("_xlfn.LET(_xlpm.x,A1*2,_xlpm.y,_xlpm.x+1,_xlpm.x*_xlpm.y)", 12),
    ("LET(a,A1:A3,b,a*2,SUM(b)+COUNT(a)+IF(MAX(b)>14,LET(a,A2,a^2),0))", 28.6),
    ("ROUND(A3*1.05,D2-4)", 7.7),
    ("LARGE(A1:A6,E2)", 4),
    ("MROUND(7.5,3)", 9),
    ("MROUND(-7.5,-3)", -9),
    ('LEN(LEFT("abc",2)&RIGHT("abcd")&MID("abcdef",2,3))', 6),
    ('IF(MID("a-1-b",FIND("-","a-1-b")+1,1)="1",5,6)', 5),
    ('VALUE(SUBSTITUTE("1 000"," ",""))', 1000),
    ('EXACT(B1,B5)+EXACT(B1,B4)*2+SEARCH("RE","Fire")*10', 32),
    ("IFNA(NA(),3)", 3),
    ("IFS(A1>A2,1,TRUE,2)", 2),
    ('SWITCH(B2,"red",1,"blue",2,3)', 2),
    ("_xlfn.STDEV.S(E1:E5)", 1.5811388300841898),
    ("SUM(IF(A1:A6>2,1,0))", 4),
    ("SUM(A1:A3*C1:C3)", 30.14),
]
ALL = BY_LIBREOFFICE + BY_EXCEL
ARRAYS = {"SUM(IF(A1:A6>2,1,0))", "SUM(A1:A3*C1:C3)"}
ROW = 21
"""The first row of the formulas: below all data, so that no range crosses them."""


@pytest.fixture(scope="module")
def comparisons(tmp_path_factory):
    def formula(text, row):
        return f'<f t="array" ref="Z{row}">{text.replace(">", "&gt;")}</f>' if text in ARRAYS else text

    cells = {f"Z{ROW + n}": (formula(text, ROW + n), value) for n, (text, value) in enumerate(ALL)}
    book = read_book(write_book(tmp_path_factory.mktemp("book") / "f.xlsx", {"S": {**DATA, **cells}}))
    translation = translated(book, [one_cell("S", ROW + n, 26) for n in range(len(ALL))])
    assert translation.faults == {}
    return {each.cell: each for each in compared_cells(translation)}


def test_the_page_on_workbooks_names_every_function():
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "workbooks.md").read_text()
    table = page.partition("## What is translated")[2]
    listed = {word for code in re.findall(r"`([A-Z0-9. ]+)`", table) for word in code.split()}
    assert listed == functions().keys()


@pytest.mark.parametrize("place", range(len(ALL)), ids=[text for text, _ in ALL])
def test_a_function_gives_what_a_spreadsheet_gives(comparisons, place):
    found = comparisons[address(one_cell("S", ROW + place, 26))]
    assert agree(found.recalculated, float(ALL[place][1])), found
