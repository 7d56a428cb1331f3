"""A program of one's own gives the outputs: JSON in, JSON out, one process for each block of rows."""

import errno
import json
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from variants import one_in, variants

import uncertainty as un
from uncertainty.study.program import Program, with_program
from uncertainty.tables import read_table

STUDY = """
format = 1
[study]
title = "A tank"
headline = "volume"
[inputs.radius]
unit = "m"
point = 2
distribution = "uniform(1, 3)"
[inputs.height]
unit = "cm"
point = 50
distribution = "normal(50, 5)"
[inputs.shape]
unit = "1"
point = 3.0
[outputs.volume]
unit = "m**3"
value = "program"
published = 6
[outputs.ratio]
unit = "1"
value = "program"
"""

MODEL = """
import json, os, sys
given = json.load(open(sys.argv[1]))["inputs"]
with open(os.path.join(os.path.dirname(__file__), "calls.txt"), "a") as calls:
    calls.write(f"{len(given['radius'])}\\n")
rows = list(zip(given["radius"], given["height"], given["shape"]))
found = {"volume": [s * r * r * h / 100 for r, h, s in rows], "ratio": [h / 100 / r for r, h, s in rows]}
CHANGE
json.dump({"outputs": found}, open(sys.argv[2], "w"))
"""


@pytest.fixture
def tank(tmp_path):
    (tmp_path / "tank.toml").write_text(STUDY)
    return tmp_path / "tank.toml"


def program(folder, change=""):
    (folder / "model.py").write_text(MODEL.replace("CHANGE", change).replace("\\\\n", "\\n"))
    return f"{sys.executable} -S {folder / 'model.py'} {{input}} {{output}}"


def calls(folder):
    path = folder / "calls.txt"
    found = list(map(int, path.read_text().split())) if path.exists() else []
    path.unlink(missing_ok=True)
    return found


def test_the_outputs_are_those_of_the_program_in_the_units_of_the_file(command, tank):
    how = ("--samples", 256, "--design", "random", "--json")
    found = command("run", tank, "--program", program(tank.parent), *how)
    assert (found.code, found.err) == (0, "")
    document = json.loads(found.out)
    assert document["settings"]["program"] == program(tank.parent)
    same = un.Study.from_function(
        lambda radius, height, shape: {
            "volume": shape * radius**2 * height / 100,
            "ratio": height / 100 / radius,
        },
        {"radius": "uniform(1, 3)", "height": "normal(50, 5)", "shape": 3},
    )
    expected = un.propagate(same, samples=256, design="random")
    for name, row in document["results"]["outputs"].items():
        assert row["median"] == pytest.approx(expected.outputs[name].median, rel=1e-12)
    assert document["results"]["outputs"]["volume"]["point"] == pytest.approx(6)
    assert calls(tank.parent) == [256, 3, 1], "one process for the block, one for a check, one at the points"


def test_a_disk_without_room_for_its_files_is_no_fault_of_the_program(command, tank, tmp_path, monkeypatch):
    given = ("run", tank, "--program", program(tank.parent), "--samples", 64, "--design", "random")

    def full(*_, **__):
        raise OSError(errno.EFBIG, "File too large")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "write_text", full)
        found = command(*given)
    assert (found.code, found.out) == (2, "")
    assert re.fullmatch(r"error: \S*/input\.json: cannot be written: File too large\n", found.err)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    found = command(*given)
    assert (found.code, found.err) == (
        2,
        "error: --program: no folder for its files: No such file or directory\n",
    )
    assert calls(tank.parent) == []


@pytest.mark.slow
def test_other_commands_take_it_within_a_budget_and_from_a_cache(command, tank, tmp_path):
    given = ("--program", program(tank.parent), "--budget", 400, "--design", "random", "--quiet")
    found = command("challenge", tank, *given)
    assert (found.code, found.err) == (0, "")
    assert sum(calls(tank.parent)) <= 400
    kept = (*given, "--cache", tmp_path / "kept")
    first = command("sensitivity", tank, *kept)
    assert 0 < sum(calls(tank.parent)) <= 400
    assert command("sensitivity", tank, *kept) == first
    assert calls(tank.parent) == []
    program(tank.parent, "found['volume'][0] += 1")
    assert command("sensitivity", tank, *kept).code == 0
    assert calls(tank.parent), "another version of the program is another model"


@pytest.mark.parametrize("ending", one_in(3, ["csv", "parquet", "json"]))
def test_draws_of_another_version_of_the_program_are_not_taken_for_its_own(command, tank, tmp_path, ending):
    file = tmp_path / f"draws.{ending}"
    how = ("--program", program(tank.parent), "--samples", 64, "--design", "random", "--save", file)
    first = command("run", tank, *how)
    assert (first.code, first.err) == (0, "")
    kept = file.read_bytes()
    assert command("run", tank, *how).out == first.out
    assert file.read_bytes() == kept
    program(tank.parent, "found['volume'] = [50 * each for each in found['volume']]")
    calls(tank.parent)
    other = command("run", tank, *how)
    assert (other.code, other.out, calls(tank.parent)) == (2, "", [])
    assert re.search(
        r"draws\.\w+:? holds the draws of another run "
        r"\(sha256 of the program's files is \w{64}, not \w{64}\); remove it or choose another name\n$",
        other.err,
    )
    file.unlink()
    assert command("run", tank, *how).code == 0
    volumes = read_table(file).columns["outputs.volume"]
    assert np.median(volumes) > 100, "the numbers are those of the program as it is now"


def test_a_module_that_is_run_by_its_name_is_looked_at_as_a_file_is(tank, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    found = []
    for file, number in [("own/__main__.py", 2), ("own/__main__.py", 50), ("own/parts.py", 3), ("own.py", 4)]:
        (tmp_path / file).write_text(f"K = {number}")
        study = with_program(un.load_study(tank), f"{sys.executable} -m own {{input}} {{output}}")
        found.append(study.function.sha256)
    assert len({*found}) == 4
    (tmp_path / "other.py").write_text("K = 5")
    assert with_program(un.load_study(tank), study.function.command).function.sha256 == found[-1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("sys.exit('no\\nlicence')", "ended with exit code 1: licence"),
        ("sys.exit(3)", "ended with exit code 3"),
        ("os.kill(os.getpid(), 9)", "ended with signal 9"),
        ("sys.exit(0)", "wrote no file to {output}"),
        ("open(sys.argv[2], 'w').write('{'); sys.exit()", "is not JSON: "),
        (
            "open(sys.argv[2], 'w').write('[1]'); sys.exit()",
            'expected {"outputs": {name: [numbers]}}, found [1]',
        ),
        (
            "found['volumes'] = found.pop('volume')",
            'the output "volume", found none; did you mean "volumes"?',
        ),
        ("found['volume'].append(1)", 'expected 64 numbers for "volume", one a row, found 65'),
        ("found['volume'][0] = 'x'", "expected numbers for \"volume\", found 'x' among them"),
        ("found['volume'][0] = True", "found True among them"),
        ("found['volume'] = 3", 'expected a list of 64 numbers for "volume", found 3'),
        ("found['volume'][0] = float('nan')", "NaN"),
        (
            "json.dump({'outputs': found, 'units': {'volume': 'liter'}}, open(sys.argv[2], 'w')); sys.exit()",
            '"units" is not read: outputs are in the units that the study gives',
        ),
        (
            "json.dump({'outputs': found, 'unit': 'liter'}, open(sys.argv[2], 'w')); sys.exit()",
            '"unit" is not read: outputs are in the units that the study gives',
        ),
        ("found['unit'] = 'liter'", '"unit" is not read: outputs are in the units that the study gives'),
    ],
)
def test_whatever_goes_wrong_is_one_line(command, tank, change, said):
    how = ("--samples", 64, "--design", "random")
    found = command("run", tank, "--program", program(tank.parent, change), *how)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: --program: ")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_a_command_that_cannot_be_run_is_refused_before_anything_is(command, tank, write_study):
    for given, said in (
        ("./missing {input} {output}", "./missing is no program that can be run"),
        ("python model.py", "expected {input} and {output} in it"),
        ("python {input}", "expected {output} in it"),
        ("python 'x {input} {output}", "cannot read "),
    ):
        found = command("run", tank, "--program", given)
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith("error: --program: ")
        assert said in found.err
    found = command("run", write_study(), "--program", program(tank.parent))
    assert 'no output says value = "program"' in found.err
    assert calls(tank.parent) == []


def test_a_study_cannot_name_a_program(command, tank):
    from uncertainty.commands import command_line

    commands = command_line().commands
    taking = {name for name, each in commands.items() if any("--program" in p.opts for p in each.params)}
    for name in (*taking, "check"):
        found = command(name, tank)
        assert (found.code, found.out) == (2, "")
        assert "outputs.volume.value: comes from a program, which " in found.err
        told, _, shown = found.err.partition(" are told: ")
        assert shown.startswith('--program "./')
        assert set(re.findall(r"`(\w+)`", told)) == taking


def test_a_program_gives_all_outputs_or_none(command, tank):
    tank.write_text(STUDY.replace('unit = "1"\nvalue = "program"', 'unit = "1"\nvalue = "shape"'))
    found = command("check", tank)
    assert 'outputs.ratio.value: expected "program" as in outputs.volume' in found.err
    tank.write_text(STUDY + '[equations]\nhalf = "shape / 2"\n')
    assert 'equations: expected none where outputs say value = "program"' in command("check", tank).err
    # a quantity may be called so
    tank.write_text(STUDY.replace("inputs.shape", "inputs.program").replace('"m**3"', '"1"'))
    assert un.reproduce(un.load_study(tank)).figures["volume"].point == 3


@pytest.mark.parametrize(
    ("change", "mixes"),
    variants(
        [
            ("found['volume'].sort()", True),
            ("v = found['volume']; found['volume'] = [x - sum(v) / len(v) for x in v]", True),
            ("v = found['volume']; found['volume'] = [x + sum(v) * 1e-9 for x in v]", False),
            ("found['ratio'].reverse()", True),
            ("import random; found['ratio'] = [x + random.random() for x in found['ratio']]", False),
            ("found['volume'] = [x if x > 1.6 else None for x in found['volume']]", False),
            ("if len(rows) == 3: sys.exit(1)", False),
        ],
        lambda change, mixes: ".sort" in change or not mixes,
    ),
)
def test_a_program_that_mixes_rows_is_noticed(tank, change, mixes):
    """A few rows once more, alone and in another order; randomness of its own and rounding are no mixing."""
    study = replace(with_program(un.load_study(tank), program(tank.parent, change)), nonfinite="drop")
    if not mixes:
        assert un.propagate(study, samples=64, design="random").settings.samples == 64
        return
    with pytest.raises(
        un.SettingError, match=r"--program: outputs\.\w+: expected a program whose value in a"
    ):
        un.propagate(study, samples=64, design="random")
    study = with_program(un.load_study(tank), program(tank.parent, change))
    assert un.propagate(study, samples=64, design="random", budget=64).settings.samples == 63
    with pytest.raises(
        un.SettingError, match=r"--program: outputs\.\w+: expected a program whose value in a"
    ):
        un.propagate(study, samples=64, design="random", budget=80)
    assert sum(calls(tank.parent)) <= 70 + 64 + 1 + 80


def test_a_program_with_random_numbers_of_its_own_is_named_stochastic(command, tank):
    how = ("--samples", 64, "--design", "random", "--only", "volume")
    noisy = program(
        tank.parent, "import random; found['ratio'] = [x * random.random() for x in found['ratio']]"
    )
    for name in ("run", "sensitivity"):
        said = " ".join(command(name, tank, "--program", noisy, *how).out.split())
        assert said.count("Called twice with equal inputs the model gives different numbers") == 1, name
    study = with_program(un.load_study(tank), noisy)
    assert not study.is_noisy, "it is found out when the program is run"
    with pytest.raises(un.StudyError, match="gives other numbers for equal rows"):
        un.emulate(study, runs=99)
    assert study.is_noisy
    plain = program(tank.parent)
    assert "Called twice" not in " ".join(command("run", tank, "--program", plain, *how).out.split())


@pytest.mark.slow
def test_a_cache_remembers_that_a_program_is_stochastic(command, tank, tmp_path):
    how = ("--samples", 64, "--design", "random", "--only", "volume", "--cache", tmp_path / "kept")
    noisy = program(
        tank.parent, "import random; found['ratio'] = [x * random.random() for x in found['ratio']]"
    )
    for again in (False, True):
        said = " ".join(command("run", tank, "--program", noisy, *how).out.split())
        assert said.count("Called twice with equal inputs") == 1, again
        assert bool(calls(tank.parent)) is not again, "the second run takes what the first one found"
    document = json.loads(command("run", tank, "--program", noisy, *how, "--json").out)
    assert document["settings"]["stochastic"] is True
    # what was written to by another hand is nothing that was found
    for path in (tmp_path / "kept").iterdir():
        if path.stat().st_size < 256:
            path.write_bytes(path.read_bytes()[:-1])
    document = json.loads(command("run", tank, "--program", noisy, *how, "--json").out)
    assert "stochastic" not in document["settings"]


@pytest.mark.slow
@pytest.mark.parametrize("method", ["sobol", "shapley"])
def test_every_form_of_sensitivity_tells_that_a_program_is_stochastic(command, tank, method):
    how = ("--samples", 64, "--design", "random", "--only", "volume", "--method", method)
    change = "import random; found['ratio'] = [x * random.random() for x in found['ratio']]"
    noisy = ("--program", program(tank.parent, change))
    said = " ".join(command("sensitivity", tank, *noisy, *how, "--quiet").out.split())
    assert said.count("Called twice with equal inputs") == 1
    assert (
        json.loads(command("sensitivity", tank, *noisy, *how, "--json").out)["settings"]["stochastic"] is True
    )
    sure = ("--program", program(tank.parent))
    assert "Called twice" not in command("sensitivity", tank, *sure, *how, "--quiet").out
    assert "stochastic" not in json.loads(command("sensitivity", tank, *sure, *how, "--json").out)["settings"]


def test_null_is_undefined_as_nan_is(tank):
    study = with_program(
        un.load_study(tank), program(tank.parent, "found['volume'][3:4] = [None] * (len(rows) > 3)")
    )
    with pytest.raises(
        un.NonFiniteError, match=r"outputs.volume: is infinite or undefined for 1 of 64 draws"
    ):
        un.propagate(study, samples=64, design="random", outputs=["volume"])
    dropped = un.propagate(replace(study, nonfinite="drop"), samples=2048, design="random")
    assert dropped.outputs["volume"].dropped == pytest.approx(1 / 2048)


def test_readings_and_choices_change_what_the_program_is_given(tank):
    tank.write_text(
        STUDY
        + """
[choices.scale]
[choices.scale.options.real]
[choices.scale.options.model]
inputs = { shape = 0.3 }
"""
    )
    study = with_program(un.load_study(tank), program(tank.parent))
    how = {"samples": 64, "design": "random"}
    one, other = (un.propagate(study, choices={"scale": each}, **how) for each in ("real", "model"))
    np.testing.assert_allclose(other.headline.values, one.headline.values / 10)


@pytest.mark.slow
def test_a_program_can_be_sent_to_another_process(tank):
    import pickle

    given = Program("x {input} {output}", ("x", "{input}", "{output}"), ("volume",), "ab")
    assert pickle.loads(pickle.dumps(given)) == given
    study = with_program(un.load_study(tank), program(tank.parent))
    runs = [un.propagate(study, samples=32, engine=each, threads=2) for each in ("threads", "processes")]
    np.testing.assert_array_equal(runs[0].headline.values, runs[1].headline.values)
