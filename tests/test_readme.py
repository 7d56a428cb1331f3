"""What the README and the docstrings show works as it is shown."""

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import uncertainty
from uncertainty import numbers
from uncertainty.characters import on_one_line

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

SAMPLED = {"run", "sensitivity", "challenge", "report"}
FEW = ["--samples", "256"]


def blocks(*languages):
    return [text for language, text in BLOCKS if language in languages]


def command_lines():
    lines = [
        line.strip().removeprefix("$ ")
        for text in blocks("sh", "bash", "console")
        for line in text.splitlines()
    ]
    return [
        shlex.split(line.split(" | ")[0], comments=True) for line in lines if line.startswith("uncertainty ")
    ]


def documented_modules():
    found = [uncertainty.__name__]
    for module in pkgutil.walk_packages(uncertainty.__path__, "uncertainty."):
        if module.name.endswith("__main__"):
            continue
        path = Path(importlib.util.find_spec(module.name).origin)
        if ">>> " in path.read_text(encoding="utf-8"):
            found.append(module.name)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("costly", [False, True], ids=["most of them", "the costly ones"])
def test_every_command_line_runs(command, costly):
    """The flagship's challenge takes as long as all others together, and its draws half of what is left."""
    lines = [
        line
        for line in command_lines()
        if bool({"challenge", "--save"} & {*line}) is costly or line[1] == "new"  # whose study is run
    ]
    assert lines
    for _, *arguments in lines:
        few = [] if "--samples" in arguments or arguments[0] not in SAMPLED else [*FEW]
        if arguments[0] == "run" and "--over" not in arguments:
            few += ["--over", "case"]  # averages need more draws
        if costly and few:
            few = ["--samples", "16384"]
        found = command(*arguments, *few)
        assert (found.code, found.err) == (0, ""), arguments


@pytest.mark.parametrize("text", blocks("python"), ids=lambda text: text.split("\n", 1)[0])
def test_every_python_snippet_runs(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if ">>> " in text:
        examples = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(examples).failed == 0
    else:
        exec(compile(text, "README.md", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("text", [text for text in blocks("toml") if text.startswith("format = 1")])
def test_every_whole_study_is_sound(text, command, tmp_path):
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert command("check", "study.toml").code == 0
    assert command("run", "study.toml", *FEW).code == 0


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", README))))
def test_every_link_into_the_project_leads_somewhere(target):
    assert (ROOT / target.split("#")[0]).exists()


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z]+)", "\n".join(blocks("sh", "bash", "console")), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("name", documented_modules())
def test_every_docstring_example_holds(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.slow
def test_the_result_that_the_readme_leads_with_is_what_run_prints(flagship):
    """Each row is one leading reading, its numbers as the default run writes them."""
    from uncertainty.readings import compare_readings
    from uncertainty.wording import beyond, condition, interval_text, median_text

    readings = compare_readings(flagship)
    rows = re.findall(r"^\| \*\*(.+?)\*\*: (.+?) \|(.+)\|$", README, re.MULTILINE)
    assert [title for title, _, _ in rows] == [flagship.readings[name].title for name in readings.leading]
    for name, (_, clause, cells) in zip(readings.leading, rows, strict=True):
        found = readings.distribution(name)
        median, interval, published, reference, percentile = (cell.strip() for cell in cells.split("|"))
        assert f"If {clause.removeprefix('if ')}," == condition(
            flagship, flagship.readings[name], readings.output
        )
        assert (median, interval) == (median_text(found), interval_text(found))
        assert published == beyond(found, found.output.published.value).text
        assert reference == beyond(found, found.output.reference).text
        assert percentile == numbers.percentile(found.summary["published_percentile"])


def test_the_answers_that_the_readme_quotes_are_those_of_the_reports():
    """Reports are held to what the studies give; ``docs/quote_results.py`` writes the quotes."""
    lead = re.search(r"^> \*\*.*?\n(?=\n)", README, re.MULTILINE | re.DOTALL)[0]
    items = re.findall(r"\(reports/([a-z-]+)/report\.md\)\)\.\s+(\*\*.*?)(?=\n\* |\n\n)", README, re.DOTALL)
    assert len(items) == 3
    for name, quoted in [("ai-vs-human", lead.replace("\n> ", " ").removeprefix("> ")), *items]:
        report = on_one_line((ROOT / "reports" / name / "report.md").read_text(encoding="utf-8"))
        for sentence in re.split(r"(?<=[.*]) (?=[*A-Z])", on_one_line(quoted)):
            assert sentence in report, name
