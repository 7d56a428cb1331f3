"""What is written goes to files and folders, and to nothing that would have to be waited for."""

import os
from pathlib import Path

import pytest

RUN = ("--samples", 64, "--quiet")

ROLES = {
    "save": ("run", "gauge-block", *RUN, "--save"),
    "table": ("run", "gauge-block", *RUN, "--table"),
    "universes": ("challenge", "five-cars", *RUN, "--universes"),
    "export": ("export", "gauge-block", "--to"),
    "schema": ("schema", "--to"),
    "plot": ("plot", "intervals", "gauge-block", *RUN, "--to"),
    "new": ("new",),
}
ENDINGS = {"export": ".xlsx", "schema": ".json", "plot": ".svg", "new": ".toml"}


def name_of(role):
    return f"target{ENDINGS.get(role, '.csv')}"


def make(kind, path):
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/null")
    elif kind == "link to itself":
        path.symlink_to(path.name)
    else:
        path.mkdir()


SAID = {
    "pipe": "is a pipe or a device; expected",
    "device": "is a pipe or a device; expected",
    "link to itself": "cannot be written: Too many levels of symbolic links",
    "folder": "is a folder; expected the path of a file to write",
}


def refusal(found):
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1), found
    return found.err


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize("role", ROLES)
def test_what_is_no_file_is_refused_and_left_alone(command, role, kind):
    path = Path(name_of(role))
    make(kind, path)
    before = sorted(each.name for each in Path().iterdir())
    assert SAID[kind] in refusal(command(*ROLES[role], path))
    assert sorted(each.name for each in Path().iterdir()) == before


@pytest.mark.parametrize("ending", [".parquet", ".nc", ".xlsx", ".json"])
def test_draws_go_into_no_pipe(command, ending):
    os.mkfifo(f"x{ending}")
    assert SAID["pipe"] in refusal(command(*ROLES["save"], f"x{ending}"))


@pytest.mark.parametrize("kind", ["pipe", "device", "link to itself"])
def test_a_folder_is_made_of_nothing_else(command, kind):
    make(kind, Path("folder"))
    for words in (
        ("report", "gauge-block", *RUN, "--to", "folder"),
        ("export", "gauge-block", "--to", "folder"),
    ):
        assert SAID[kind] in refusal(command(*words)).replace("expected a folder", "expected")
    Path("folder").rename("x.parquet.parts") if kind != "link to itself" else make(
        kind, Path("x.parquet.parts")
    )
    refusal(command(*ROLES["save"], "x.parquet"))


@pytest.mark.parametrize("role", ROLES)
def test_names_that_no_file_can_have_are_one_line(command, role):
    for stem in ("n" * 300, "n\0n"):
        refusal(command(*ROLES[role], stem + Path(name_of(role)).suffix))


@pytest.mark.parametrize(("name", "stem"), [("...toml", ".."), ("..toml", ".")])
def test_a_file_whose_name_is_that_of_no_folder_needs_one(command, write_study, tmp_path, name, stem):
    write_study().rename(tmp_path / name)
    found = command("report", name, "--samples", 64, "--quiet", "--format", "markdown")
    said = f'error: --to: "{stem}" can be no folder of its own in reports; expected a folder\n'
    assert refusal(found).split() == said.split()
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("out.pdf", "--to out --format pdf"),
        ("a/out.html", "--to a/out --format html"),
        ("out.json", "--to out"),
        ("out.docx", "--to out"),
    ],
)
def test_a_report_into_a_file_says_what_to_write(command, name, advice):
    found = command("report", "gauge-block", *RUN, "--to", name)
    said = f"error: --to: {name}: a report is a folder of files; expected a folder, such as {advice}\n"
    assert refusal(found) == said
    assert not list(Path().iterdir())


def test_a_folder_with_a_dot_in_its_name_is_a_folder(tmp_path):
    from uncertainty.commands.report import _folder

    (tmp_path / "old.pdf").mkdir()
    for name in ("results.v1", "old.pdf", "old.pdf/new"):
        assert _folder(str(tmp_path / name)) == tmp_path / name


def test_a_folder_that_may_not_be_written_is_one_line(command, monkeypatch):
    def closed(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", closed)
    assert "Permission denied" in refusal(command("export", "gauge-block", "--to", "folder"))
    assert "Permission denied" in refusal(command(*ROLES["save"], "x.parquet"))
    # what is written after the run is refused beside the answer
    found = command(*ROLES["save"], "x.csv")
    assert (found.code, found.err) == (2, "error: x.csv: cannot be written: Permission denied\n")
    assert found.out
