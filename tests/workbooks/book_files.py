"""Workbooks for tests: written with stored values by hand, or calculated by LibreOffice."""

import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries

SOFFICE = shutil.which("soffice")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/>{sheets}</Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_book(path, sheets, names=None, *, since_1904=False, extras=None):
    """Write a workbook whose formulas have stored values, without any program.

    Parameters
    ----------
    sheets
        By title and cell: a constant, or a pair of a formula and what is stored with it. A formula that is a
        text of XML is written as it is.
    names
        Defined names and what they stand for.
    extras
        XML that follows the cells of a sheet, by its title.
    """
    part = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{part}"/>'
        for n in range(1, len(sheets) + 1)
    )
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(sheets, 1)
    )
    defined = "".join(f'<definedName name="{n}">{escape(t)}</definedName>' for n, t in (names or {}).items())
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    day = ' date1904="1"' if since_1904 else ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES.format(sheets=types))
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr{day}/><sheets>{listed}</sheets>'
            f"<definedNames>{defined}</definedNames></workbook>",
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{related}</Relationships>'
        )
        for n, (title, cells) in enumerate(sheets.items(), 1):
            file.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(cells, (extras or {}).get(title, "")))
    return path


def _sheet(cells, extra):
    rows = {}
    for place, content in cells.items():
        digits = "".join(c for c in place if c.isdigit())
        rows.setdefault(int(digits), []).append((len(place) - len(digits), place, content))
    body = "".join(
        f'<row r="{row}">{"".join(_cell(*each[1:]) for each in sorted(found, key=lambda e: e[:2]))}</row>'
        for row, found in sorted(rows.items())
    )
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>{extra}</worksheet>'


def _cell(place, content):
    formula, value = content if isinstance(content, tuple) else (None, content)
    if formula is None:
        written = ""
    else:
        written = formula if formula.startswith("<f") else f"<f>{escape(formula.removeprefix('='))}</f>"
    if isinstance(value, bool):
        return f'<c r="{place}" t="b">{written}<v>{int(value)}</v></c>'
    if isinstance(value, str) and value.startswith("#"):
        return f'<c r="{place}" t="e">{written}<v>{value}</v></c>'
    if isinstance(value, str) and formula is not None:
        return f'<c r="{place}" t="str">{written}<v>{escape(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}">{written}{"" if value is None else f"<v>{value!r}</v>"}</c>'


def make_book(path, sheets, change=None):
    """Write a workbook of formulas without stored values, which LibreOffice then calculates."""
    book = Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        sheet = book.create_sheet(title)
        for place, value in cells.items():
            sheet[place] = value
    if change is not None:
        change(book)
    book.save(path)
    return path


def recalculated(folder, *paths):
    """Have LibreOffice calculate workbooks, all in one run, and return the files that it writes."""
    out = folder / "calculated"
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{folder / 'profile'}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            out,
            *paths,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [out / path.name for path in paths]


def cells_of(study):
    """Return by cell the inputs that a workbook's constants became, each with its name."""
    ranges = {}
    for name, each in study.inputs.items():
        ranges.setdefault(each.note.split(": ")[0].split(", at")[0], []).append((name, each))
    found = {}
    for where, listed in ranges.items():
        sheet, _, area = where.rpartition("!")
        left, top, right, bottom = range_boundaries(area)
        places = [(row, column) for column in range(left, right + 1) for row in range(top, bottom + 1)]
        found |= {
            f"{sheet}!{get_column_letter(column)}{row}": own
            for (row, column), own in zip(places, listed, strict=True)
        }
    return found
