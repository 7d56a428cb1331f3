"""What the program advises is accepted by the program: each piece of advice is provoked and pasted back."""

import re

import pytest
from advice import offered

from uncertainty.errors import InvalidValue
from uncertainty.expressions import parse_expression

# what is replaced in the small study, by what, and which part of that the advice mends
SLIPS = {
    "key of an output": ("label = ", "lable = ", "lable"),
    "key of the study": ("headline = ", "headlin = ", "headlin"),
    "key of an input": ("distribution = ", "distributon = ", "distributon"),
    "section": ("[equations]", "[equation]", "equation"),
    "claim": ('"at least"', '"atleast"', "atleast"),
    "scale": ('"log10"', '"log1"', "log1"),
    "kind": ('"variability"', '"varability"', "varability"),
    "headline": ('headline = "yearly"', 'headline = "yearli"', "yearli"),
    "quantity of an equation": ("distance * intensity", "distanse * intensity", "distanse"),
    "input of a point": ('"fuel * content"', '"fuel * contnt"', "contnt"),
    "counted unit": ('unit = "km/trip"', 'unit = "km/trpi"', "trpi"),
    "unit in other letters": ('unit = "kg/L"', 'unit = "KG/L"', "KG"),
    "unit with a power": ('unit = "g/km"', 'unit = "g*m3/(km*m**3)"', "m3"),
    "family": ('"normal(150, 15)"', '"norml(150, 15)"', "norml(150, 15)"),
    "range": ('"normal(150, 15)"', '"130-170"', "130-170"),
}


@pytest.mark.parametrize("case", SLIPS)
def test_what_a_faulty_file_is_told_mends_it(case, command, write_study):
    right, wrong, slip = SLIPS[case]
    path = write_study(replace={right: wrong})
    found = command("check", path)
    assert found.code == 2
    meant = next(offered(line) for line in found.err.splitlines() if offered(line))[0]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(wrong, wrong.replace(slip, meant, 1)), encoding="utf-8")
    assert command("check", path).code == 0, meant


COMMANDS = [
    ("chek STUDY", "chek"),
    ("run STUDY --sampels 64", "--sampels"),
    ("run STUDY --only yearli", "yearli"),
    ("run STUDY --choose sharing=sharde", "sharde"),
    ("run STUDY --choose sharin=shared", "sharin"),
    ("run STUDY --set distanc=3", "distanc"),
    ("run STUDY --set distance=3-8", "3-8"),
    ("run STUDY --set distance=8;3", "8;3"),
    ("run STUDY --set distance=U[3,8]", "U[3,8]"),
    ("run STUDY --design sobl", "sobl"),
    ("run STUDY --interval centrl", "centrl"),
    ("run STUDY --table t.xlxs", "xlxs"),
    ("run STUDY --engine thread", "thread"),
    ("run STUDY --level 95", "95"),
    ("run STUDY --level 95%", "95%"),
    ("run STUDY --level 0,95", "0,95"),
    ("run STUDY --max-samples 1,000 --until 0.5", "1,000"),
    ("run STUDY --seed 1k", "1k"),
    ("sensitivity STUDY --method sobo", "sobo"),
    ("plot distribution STUDY --to p.svg", "distribution"),
    ("check ai-vs-humans", "ai-vs-humans"),
]


@pytest.mark.parametrize(("words", "slip"), COMMANDS)
def test_what_a_faulty_command_is_told_mends_it(words, slip, command, write_study):
    path = str(write_study())
    given = words.replace("STUDY", path).split()
    if given[0] in ("run", "sensitivity", "plot"):
        given += ["--samples", "64"] if "--sampels" not in given else []
    found = command(*given)
    assert (found.code, found.out) == (2, "")
    meant = offered(found.err)
    assert meant, found.err
    mended = [word if word == path else word.replace(slip, meant[0].strip('"')) for word in given]
    assert command(*mended).code == 0, (mended, found.err)


def test_a_study_without_a_command_is_told_a_command_that_runs(command, write_study):
    found = command(write_study())
    written = re.search(r'write "uncertainty (.*)"', found.err)
    assert command(*written[1].split(), "--samples", 64).code == 0


# expressions, and what is written for them
EXPRESSIONS = {
    "a ^ b": "a ** b",
    "ln(a)": "log(a)",
    "sqr(a)": "sqrt(a)",
    "a = b": "a == b",
    "max(a, b)": "maximum(a, b)",
    "2 a": "2 * a",
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_an_expression_is_told_is_an_expression(text):
    with pytest.raises(InvalidValue) as refusal:
        parse_expression(text)
    assert parse_expression(EXPRESSIONS[text])
    told = str(refusal.value)
    function = re.match(r"[a-z]{2,}\d*", EXPRESSIONS[text])
    assert (function[0] if function else re.search(r"[*=]+", EXPRESSIONS[text])[0]) in told


@pytest.mark.parametrize(
    ("words", "option"), [("export STUDY", ""), ("plot input STUDY --to p.svg --samples 64", "--input")]
)
def test_what_is_missing_from_a_command_is_told_so_that_it_can_be_added(words, option, command, write_study):
    given = words.replace("STUDY", str(write_study())).split()
    found = command(*given)
    assert found.code == 2
    added = [option, *offered(found.err)[0].split()] if option else offered(found.err)[0].split()
    assert command(*given, *added).code == 0, found.err
