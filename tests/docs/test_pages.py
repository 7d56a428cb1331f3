"""The pages of the documentation say what the commands and snippets in them print."""

import re
import shlex

import pytest
from run_pages import HERE, PageError, pages, run_page

from uncertainty.commands import command_line
from uncertainty.pages.figures import KINDS

BLOCK = re.compile(r"^(```+).*?^\1$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NOT_RESULTS = re.compile(
    r"\$\$.*?\$\$|\$[^$\n]+\$"  # formulas
    r"|\[doi:[^\]]*\]\(\S*\)|\]\([^)]*\)"  # links
    r"|JCGM \d+:\d+(, [\d.]+)?|Python [\d.]+",
    re.DOTALL,
)
SMALL = re.compile(r"(19|20)\d\d|\d|1[0-2]")
"""Years, and the numbers that are words."""


def runs(text):
    return "```console" in text or "```python" in text


@pytest.mark.slow
@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(HERE).as_posix())
def test_a_page_shows_what_its_commands_and_snippets_print(path):
    assert run_page(path) == path.read_text(encoding="utf-8"), "`make pages` writes what they print now"


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(HERE).as_posix())
def test_prose_has_no_number_that_its_page_does_not_show(path):
    """A page that runs something may speak of the numbers in its blocks, and of no others."""
    text = path.read_text(encoding="utf-8")
    if not runs(text):
        return
    code = re.compile(r"`[^`\n]*`")
    prose = BLOCK.sub("", text)
    shown = "\n".join([*(match[0] for match in BLOCK.finditer(text)), *code.findall(prose)])
    spoken = NUMBER.findall(NOT_RESULTS.sub("", code.sub("", prose)))
    known = {number.rstrip(",") for number in NUMBER.findall(shown)}
    assert [n for n in spoken if not SMALL.fullmatch(n.rstrip(",")) and n.rstrip(",") not in known] == []


@pytest.mark.parametrize(
    "block",
    [
        "```console\n$ uncertainty run nothing\n```",
        "```console\n$ rm -r everything\n```",
        "```console\n$ uncertainty studies | sort\n```",
    ],
)
def test_a_page_with_a_command_that_fails_is_refused(block, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(block, encoding="utf-8")
    with pytest.raises(PageError, match=r"^\$ (uncertainty|rm) "):
        run_page(page)


def test_what_is_not_printed_is_written_anew(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-block} text\n:caption: a.txt\n\nfrom a file\n```\n"
        "```console\n$ cat a.txt\nold\n```\n"
        "```python\nx = 2\n```\n"
        "```python\n>>> x + 1\n4\n>>> def twice(y):\n...     return 2 * y\n>>> twice(x)\n```\n",
        encoding="utf-8",
    )
    text = run_page(page)
    assert "$ cat a.txt\nfrom a file\n```" in text
    assert ">>> x + 1\n3\n" in text
    assert ">>> twice(x)\n4\n```" in text


def test_the_first_page_leads_with_what_the_flagships_report_says():
    """The report itself is held to what the study gives."""
    report = (HERE.parent / "reports" / "ai-vs-human" / "report.md").read_text(encoding="utf-8")
    sentence = re.search(r"^\*\*.+\*\*$", report.replace("\N{NO-BREAK SPACE}", " "), re.MULTILINE)[0]
    assert sentence in (HERE / "index.md").read_text(encoding="utf-8").replace("\n> ", " ")


ROOT = HERE.parent
SPOKEN = re.compile(r"(?<!`)`uncertainty ([^`]+)`(?!`)")
PLACEHOLDER = re.compile(r"\[?[A-Z]+\]?")


def spoken():
    """List the commands that stand in sentences, but for those that only say how commands look."""
    paths = [*pages(), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "distributions" / "README.md"]
    commands = {words for path in paths for words in SPOKEN.findall(path.read_text(encoding="utf-8"))}
    found = [shlex.split(words) for words in sorted(commands)]
    return [words for words in found if not any(map(PLACEHOLDER.fullmatch, words))]


@pytest.mark.parametrize("words", spoken(), ids=" ".join)
def test_a_command_in_a_sentence_is_one_that_the_command_line_takes(words):
    name, *arguments = words
    command = command_line().commands[name]
    # parses everything and runs nothing; a mistake is a click exception
    parameters = command.make_context(name, arguments).params
    if name == "plot" and parameters["kind"] is not None:
        assert parameters["kind"] in KINDS


def test_sentences_do_speak_of_commands():
    assert {"check", "plot", "report", "run"} <= {words[0] for words in spoken()}
