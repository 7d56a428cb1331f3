"""A study is data: reading and running it executes nothing that it says, and opens its own folder alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

import uncertainty as un

PACKAGE = Path(un.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "bundled" not in path.parts)

EXECUTING = {"eval", "exec", "compile", "__import__", "execfile", "breakpoint"}
DANGEROUS = {
    "code", "ctypes", "dill", "cloudpickle", "ftplib", "http", "imaplib", "joblib", "marshal", "pickle",
    "pty", "requests", "runpy", "shelve", "smtplib", "socket", "subprocess", "telnetlib", "urllib",
    "xmlrpc", "yaml",
}  # fmt: skip
PICKLING = {"sampling/workers/engine.py", "sampling/workers/beside.py"}
"""Ask whether the user's own function can be sent to another process, and take from a copy of this process
what it has found; nothing of a file is ever unpickled."""
IMPORTING = {
    "__init__.py",
    "commands/__init__.py",
    "pages/figures/__init__.py",
    "pages/sections/__init__.py",
    "records.py",
    "results/keys.py",
    "sampling/workers/beside.py",
    "sampling/workers/engine.py",
    "sampling/fast/compiler.py",
    "extras.py",
    "special.py",
    "tables/formats.py",
}
"""Import by name from lists of their own, or what their own annotations name."""
STARTING = {"study/program.py", "tables/netcdf_file.py"}
"""Run the program that the command line names; and open a stranger's file in a process of this program first,
since HDF5 may end the process that reads it."""


def name_of(path):
    return path.relative_to(PACKAGE).as_posix()


WORDS = EXECUTING | DANGEROUS | {"import_module", "system", "popen", "load", "loads", "allow_pickle", "shell"}
"""What executes has one of these in its text: modules without any of them need no look at what they do."""


def test_no_module_can_execute_what_it_reads():
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in MODULES}
    looked_at = {name: text for name, text in texts.items() if may_execute(text)}
    assert looked_at.keys() > PICKLING | STARTING
    for name, text in looked_at.items():
        for node in ast.walk(ast.parse(text)):
            assert not executing(node, name), f"{name}: {ast.unparse(node)}"


def may_execute(text):
    """Tell whether a text has a word without which nothing is executed; names may be in wide letters."""
    return not WORDS.isdisjoint(re.findall(r"\w+", unicodedata.normalize("NFKC", text)))


def executing(node, module):
    """Tell whether a part of a module runs, or may run, what a file holds, and is not known to have to."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in EXECUTING or (name == "import_module" and module not in IMPORTING)
        case ast.Call(func=ast.Attribute(attr=name, value=ast.Name(id=owner))):
            return (owner, name) in {("os", "system"), ("os", "popen"), ("builtins", "eval")} or (
                name in ("loads", "load") and owner not in ("json", "tomllib", "np")
            )
        case ast.keyword(arg="allow_pickle" | "shell"):
            return True
        case ast.Import(names=aliases):
            tops = {alias.name.split(".")[0] for alias in aliases}
            allowed = {"pickle": PICKLING, "subprocess": STARTING}
            return any(top in DANGEROUS and module not in allowed.get(top, set()) for top in tops)
        case ast.ImportFrom(module=str(origin), level=0):
            return origin.split(".")[0] in DANGEROUS
    return False


@pytest.mark.parametrize(
    "text",
    [
        "eval(x)", "import_module(x)", "os.system(x)", "pickle.loads(x)", "np.load(x, allow_pickle=True)",
        "run(x, shell=True)", "import pickle", "import subprocess", "from marshal import loads",
    ],
)  # fmt: skip
def test_what_executes_is_seen(text):
    assert may_execute(text)
    assert any(executing(node, "study/reader.py") for node in ast.walk(ast.parse(text)))
    assert not any(executing(node, "x.py") for node in ast.walk(ast.parse("json.loads(x)\nimport json")))


WATCHED = """
import sys, warnings
from pathlib import Path
import uncertainty as un

folder = Path(sys.argv[1])
def run(name):
    study = un.load_study(folder / name)
    un.propagate(study, samples=64, threads=1)
    un.reproduce(study)
run("first.toml")  # imports what it needs, and warms what is made once
forbidden = (
    "exec", "compile", "import", "pickle.find_class", "marshal.loads", "subprocess.Popen", "os.system",
    "os.exec", "os.fork", "os.posix_spawn", "socket.connect", "socket.getaddrinfo", "ctypes.dlopen",
    "os.remove", "os.rename", "os.mkdir", "os.chmod", "shutil.rmtree",
)
seen = []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        path = Path(str(arguments[0])).resolve()
        if not path.is_relative_to(folder.resolve()) or "r" not in (arguments[1] or "r"):
            seen.append((event, str(path)))
    elif event in forbidden:
        seen.append((event, str(arguments)[:200]))
sys.addaudithook(watch)
run("second.toml")
print(*seen, sep="\\n")
"""


@pytest.mark.slow
def test_reading_and_running_a_study_opens_its_own_folder_alone_and_starts_nothing(tmp_path, small_text):
    text = small_text.replace('"discrete(380, 400, 440)"', '\'empirical("data.csv", "trips")\'')
    (tmp_path / "data.csv").write_text("trips\n380\n400\n440\n")
    (tmp_path / "first.toml").write_text(text)
    (tmp_path / "second.toml").write_text(text.replace("Commuting", "Commuting again"))
    found = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout.strip() == ""


@pytest.mark.parametrize(
    "file", ["../secret.csv", "/etc/passwd", "link.csv", "inner/../../secret.csv", "linked/secret.csv"]
)
def test_a_study_reads_no_data_outside_its_folder(file, tmp_path, small_text):
    (tmp_path / "secret.csv").write_text("trips\n1\n2\n")
    home = tmp_path / "home"
    (home / "inner").mkdir(parents=True)
    (home / "link.csv").symlink_to(tmp_path / "secret.csv")
    (home / "linked").symlink_to(tmp_path)
    path = home / "study.toml"
    path.write_text(small_text.replace('"discrete(380, 400, 440)"', f'\'empirical("{file}", "trips")\''))
    with pytest.raises(un.StudyError, match="folder"):
        un.load_study(path)


def test_a_folder_of_sheets_reads_no_sheet_outside_it(tmp_path):
    (tmp_path / "secret.csv").write_text("name,unit,point\nsecret,1,3\n")
    home = tmp_path / "home"
    home.mkdir()
    (home / "inputs.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(un.StudyError, match="outside the study's folder"):
        un.load_study(home)
