"""Which fonts documents and pictures take for characters that the bundled ones lack, and how they are set."""

import io
import re
import struct

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from pypdf import PdfReader

from uncertainty.errors import SettingError
from uncertainty.pages import fonts
from uncertainty.pages.blocks import Column, Paragraph, Section, Table
from uncertainty.pages.figures.pictures import picture_bytes, sized
from uncertainty.pages.figures.sheet import Sheet
from uncertainty.pages.fonts import Fonts, fonts_for, lacking, named_font, warning
from uncertainty.pages.sections.method import ORIGINS
from uncertainty.pages.typesetting import drawing
from uncertainty.pages.writer import Pages, with_fonts

HINDI = "मशीन"


def a_font(family, characters, style="Regular"):
    """Return a font whose signs are squares."""
    pen = TTGlyphPen(None)
    for number, place in enumerate(((0, 0), (0, 700), (700, 700), (700, 0))):
        (pen.lineTo if number else pen.moveTo)(place)
    pen.closePath()
    names = [".notdef", *(f"uni{ord(each):04X}" for each in characters)]
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({ord(each): f"uni{ord(each):04X}" for each in characters})
    build.setupGlyf(dict.fromkeys(names, pen.glyph()))
    build.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": family, "styleName": style, "psName": family.replace(" ", "")})
    build.setupOS2()
    build.setupPost()
    return build.font


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return a folder of fonts that no system has."""
    folder = tmp_path_factory.mktemp("fonts")
    for family, characters, style in (
        ("Aa Serif", HINDI, "Regular"),
        ("Zz Sans", HINDI, "Regular"),
        ("Zz Sans", HINDI, "Bold"),
        ("Aa Sans", HINDI, "Italic"),
        ("Noto Sans Half", HINDI[:2], "Regular"),
    ):
        a_font(family, characters, style).save(folder / f"{family}-{style}.ttf")
    collection = TTCollection()
    for ending in ("JP", "KR", "SC", "TC", "HK"):
        buffer = io.BytesIO()
        a_font(f"Han {ending}", "画のくa").save(buffer)
        collection.fonts.append(TTFont(io.BytesIO(buffer.getvalue())))
    collection.save(folder / "Han.ttc")
    return folder


@pytest.fixture
def installed(files, monkeypatch):
    """Let the system have these fonts and no others."""
    found = sorted(path for path in files.iterdir() if "Italic" not in path.name)
    monkeypatch.setattr(fonts, "_system", lambda: tuple(found))
    return files


def test_characters_that_the_bundled_fonts_lack_are_named_once():
    assert lacking(["Größe ÷ 2 → ½", "α ≤ β", "שלום مرحبا"]) == ""
    assert lacking(["插画师 ÷ AI", "画"]) == "插画师"
    assert "插 画; x.png shows boxes" in warning("插画", "x.png")


def test_nothing_is_taken_where_nothing_is_lacking(monkeypatch):
    monkeypatch.setattr(fonts, "_system", lambda: pytest.fail("the system's fonts were asked for"))
    assert fonts_for(["plain ÷ α"]) == Fonts()


def test_the_system_s_font_that_has_most_signs_is_taken_and_an_upright_sans_first(installed):
    found = fonts_for([f"a {HINDI}"])
    assert (found.families, found.missing) == (("Zz Sans",), "")
    assert [file.name for file in found.taken["म"].files] == ["Zz Sans-Regular.ttf", "Zz Sans-Bold.ttf"]
    assert fonts_for(["画ช"]).missing == "ช"


@pytest.mark.parametrize(
    ("language", "text", "family"),
    [
        ("zh", "画", "Han SC"),
        ("zh-TW", "画", "Han TC"),
        ("zh-Hant-HK", "画", "Han TC"),
        ("zh-hk", "画", "Han HK"),
        ("ja", "画", "Han JP"),
        ("en", "画く", "Han JP"),
        ("en", "画", "Han SC"),
    ],
)
def test_a_collection_s_font_is_that_of_the_language(installed, language, text, family):
    assert fonts_for([text], language=language).families == (family,)


def test_a_named_font_comes_first_by_name_or_by_file(installed):
    for name in ("aa serif", str(installed / "Aa Serif-Regular.ttf")):
        assert fonts_for([f"{HINDI}画"], named=name).families == ("Aa Serif", "Han SC")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Zz San", 'no font of the name "Zz San" is installed; did you mean "Zz Sans"?'),
        ("none.ttf", "no such file"),
        ("text.otf", "expected a font"),
        ("\x1b[31mx", 'no font of the name "x"'),
    ],
)
def test_a_font_that_is_none_is_refused_in_one_line(installed, tmp_path, monkeypatch, name, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.otf").write_text("no font")
    with pytest.raises(SettingError, match=r"\A--font: ") as caught:
        named_font(name, "--font")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


SVG = (
    '<svg viewBox="0 0 520 100" xmlns="http://www.w3.org/2000/svg">'
    '<text style="font-size: 12px; text-anchor: end; fill: #0b62a8" x="514" y="35.5" '
    'transform="rotate(-0 514 35.5)">plain &amp; 2</text>'
    '<text style="font-weight: 700; font-size: 13px; fill: #1f2430" transform="translate(6 50)">'
    f"{HINDI} &lt;</text>"
    '<text style="font-size: 12px; text-anchor: middle; fill: #0b62a8" x="9" y="-1" '
    'transform="rotate(-90 9 -1)">شكل</text></svg>'
)


def test_texts_of_joining_letters_are_set_by_the_document_at_their_places(installed):
    found = drawing(SVG, fonts_for([HINDI]))
    assert re.findall(r">([^<>]+)</text>", found["svg"]) == ["plain &amp; 2"]
    assert [(each["text"], each["x"], each["y"], each["anchor"]) for each in found["texts"]] == [
        (f"{HINDI} <", 6.0, 50.0, 0.0),
        ("شكل", 9.0, -1.0, 0.5),
    ]
    assert [(each["size"], each["bold"], each["angle"]) for each in found["texts"]] == [
        (13.0, True, 0.0),
        (12.0, False, -90.0),
    ]


@pytest.mark.slow
def test_a_picture_has_the_size_that_is_asked_for_and_the_fonts_that_its_texts_need(installed):
    sheet = Sheet.asked("85mm", 300, None, "hi")
    made, missing = picture_bytes(SVG, "png", "<finding>", sheet)
    assert missing == ""
    assert made == picture_bytes(SVG, "png", "<finding>", sheet)[0]
    assert struct.unpack(">II", made[16:24]) == (round(85 / 25.4 * 300), round(85 / 25.4 * 300 * 100 / 520))
    assert made[37:41] == b"pHYs"
    assert struct.unpack(">IIB", made[41:50]) == (11811, 11811, 1)
    document = PdfReader(io.BytesIO(picture_bytes(SVG, "pdf", "<finding>", sheet)[0]))
    assert document.metadata.title == "<finding>"
    assert [round(float(each), 2) for each in document.pages[0].mediabox[2:]] == [240.94, 46.34]
    used = [font["/BaseFont"] for font in document.pages[0]["/Resources"]["/Font"].values()]
    assert any("ZzSans" in name for name in used)
    assert document.root_object["/Lang"] == "hi"
    assert picture_bytes(SVG.replace("شكل", "画ช"), "png", "t", sheet)[1] == "ช"


def test_a_vector_says_its_size_in_points():
    assert sized(SVG, None) == SVG
    assert sized(SVG, 240.945).startswith('<svg width="240.945pt" height="46.336pt" viewBox')


@pytest.mark.parametrize(
    ("width", "dpi", "said"),
    [
        ("85", 200, "--width: expected a length in mm, cm, in, pt, px, such as 85mm"),
        ("85 m", 200, 'found "85 m"'),
        ("wide", 200, 'found "wide"'),
        ("-5mm", 200, 'found "-5mm"'),
        ("nanmm", 200, 'found "nanmm"'),
        ("1mm", 200, "--width: expected 20 mm to 2,000 mm"),
        ("9999cm", 200, "--width: expected 20 mm to 2,000 mm"),
        (None, 0, "--dpi: expected 20 to 2,400, found 0"),
        (None, float("nan"), "--dpi: expected 20 to 2,400, found nan"),
        ("2000mm", 600, "--dpi: 600 makes more than 20,000 pixels across; expected 254 at most"),
    ],
)
def test_a_size_that_makes_no_figure_is_refused(width, dpi, said):
    with pytest.raises(SettingError) as caught:
        Sheet.asked(width, dpi, None, "en", dashes="--")
    assert said in str(caught.value)
    assert [Sheet.asked(each, 200, None, "en").width for each in ("2in", "144pt", "192px", "5.08 cm")] == [
        pytest.approx(144)
    ] * 4


def test_the_table_of_origins_names_the_fonts_of_the_system(installed):
    origins = Table((Column("Setting"), Column("Value")), (("Seed", "1"),), ORIGINS)
    shown = (Section("claim", HINDI, (Paragraph("画"),)), Section("reproduction", "Same numbers", (origins,)))
    pages, found = with_fonts(Pages("t", "", shown, "{}", (), "hi"))
    assert found.missing == ""
    assert pages.sections[0] == shown[0]
    assert pages.sections[1].blocks[0].rows[1] == ("Fonts of this system in the PDF", "Zz Sans and Han SC")
    plain = Pages("t", "", shown[1:], "{}", ())
    assert with_fonts(plain) == (plain, Fonts())
