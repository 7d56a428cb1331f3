"""What the README and the docstrings show works as it is shown."""

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import uncertainty

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

SAMPLED = {"run", "sensitivity", "report"}
FEW = ["--samples", "1024"]


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


def test_every_command_line_runs(command):
    assert command_lines()
    for _, *arguments in command_lines():
        few = [] if "--samples" in arguments or arguments[0] not in SAMPLED else FEW
        found = command(*arguments, *few)
        assert (found.code, found.err) == (0, ""), arguments


@pytest.mark.parametrize("text", blocks("python"), ids=lambda text: text.split("\n", 1)[0])
def test_every_python_snippet_runs(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if ">>> " in text:
        examples = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
        assert doctest.DocTestRunner().run(examples).failed == 0
    else:
        exec(compile(text, "README.md", "exec"), {"__name__": "readme"})  # noqa: S102 - our own text


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
