"""Bad input gives one line for each fault, on the real command: file, key, what was expected, what was meant.

Nothing else happens: exit code 2, nothing on stdout (with --json the same faults), nothing written.
"""

import codecs
import json
import re
import shlex
import subprocess
import sys

import pytest
from command_line import run_apart

TEN_MEGABYTES = 10 * 2**20

# what is replaced in the small study, by what, and what the one line must say
FAULTY_FILES = {
    "unknown key": (
        'label = "Yearly emissions"',
        'lable = "Yearly"',
        'outputs.yearly.lable: unknown key; did you mean "label"?',
    ),
    "misspelt input name": (
        '"distance * intensity',
        '"distanse * intensity',
        'equations.per_trip: unknown quantity "distanse"; did you mean "distance"?',
    ),
    "mode outside the bounds": (
        '"normal(150, 15)"',
        '"triangular(100, 210, 200)"',
        "inputs.intensity.distribution: triangular: ",
    ),
    "quantiles out of order": (
        '"normal(150, 15)"',
        '"normal(p5=180, p95=120)"',
        "inputs.intensity.distribution: normal: ",
    ),
    "format that is no number": (
        "format = 1\n",
        "format = true\n",
        "format: expected 1, the only format so far, found true or false",
    ),
    "unit that is no text": (
        'unit = "L/km"\n',
        "unit = 3\n",
        "inputs.fuel.unit: expected text, found a number",
    ),
    "name of a constant": (
        "[inputs.fuel]",
        '[inputs.pi]\nunit = "1"\npoint = 3\n\n[inputs.fuel]',
        "inputs.pi: is a word of the expression language",
    ),
    "missing required key": ('unit = "L/km"\n', "", "inputs.fuel.unit: this key is required"),
    "not a number": (
        "point = 10\n",
        "point = true\n",
        "inputs.distance.point: expected a number or text, found true or false",
    ),
    "point beyond all size": (
        "point = 10\n",
        "point = 1e-320\n",
        "inputs.distance.point: a constant must be 0 or between 1e-150 and 1e+150 in size, not 1e-320",
    ),
    "infinite point": ("point = 10\n", "point = inf\n", "inputs.distance.point: expected a finite number"),
    "expression that calls __import__": (
        'occupancy_share = "1"',
        "occupancy_share = \"__import__('os').getcwd()\"",
        "equations.occupancy_share: ",
    ),
    "endless power": (
        'occupancy_share = "1"',
        'occupancy_share = "9**9**9"',
        'equations.occupancy_share: "9**9**9" gives inf, not a finite number',
    ),
    "unknown headline": (
        'headline = "yearly"',
        'headline = "yearli"',
        'study.headline: unknown output "yearli"; did you mean "yearly"?',
    ),
}


def the_one_fault(finished, expected=""):
    assert finished.code == 2
    assert finished.out == ""
    lines = finished.err.splitlines()
    assert len(lines) == 1, finished.err
    assert lines[0].startswith("error: ")
    assert any(part in lines[0] for part in expected.split("|")), lines[0]
    return lines[0]


@pytest.mark.parametrize("case", FAULTY_FILES)
def test_a_faulty_file_gives_one_line_with_file_and_key(case, command, write_study, tmp_path):
    old, new, expected = FAULTY_FILES[case]
    path = write_study(replace={old: new})
    line = the_one_fault(command("run", path), expected)
    assert line.startswith(f"error: {path}: ")
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_is_named(command):
    assert the_one_fault(command("run", "nowhere.toml")) == "error: nowhere.toml: no such study file"


def test_a_misspelt_bundled_study_is_corrected(command):
    the_one_fault(command("check", "ai-vs-humans"), 'did you mean "ai-vs-human"?')


def test_a_file_that_is_not_toml_gives_the_place(command, write_study):
    the_one_fault(command("check", write_study("format = 1\nstudy = = 2\n")), "is not TOML: ")


def test_a_file_that_is_not_text_is_refused(command, tmp_path):
    path = tmp_path / "study.toml"
    path.write_bytes(b"\xff\xfe\x00")
    the_one_fault(command("check", path), "is not UTF-8 text")


def test_a_byte_order_mark_and_foreign_line_ends_are_read_over(command, write_study):
    path = write_study()
    plain = command("check", path)
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    assert command("check", path) == plain


def test_a_folder_is_no_study(command, tmp_path):
    the_one_fault(command("check", tmp_path), "is not a file")


def test_a_cycle_is_spelled_out(command, write_study):
    path = write_study(replace={'occupancy_share = "1"': 'occupancy_share = "per_trip / per_trip"'})
    line = the_one_fault(command("check", path), "depends on itself in a cycle: ")
    assert {"per_trip", "occupancy_share"} <= set(re.findall(r"\w+", line.split("cycle: ")[1]))


def test_grams_per_query_are_not_grams_per_page(command, write_study):
    path = write_study(
        """
        format = 1
        study = { title = "Pages", headline = "page", counting_units = ["page", "query"] }
        inputs.energy = { unit = "g/query", point = 2.2 }
        outputs.page = { value = "energy", unit = "g/page" }
        """
    )
    line = the_one_fault(command("check", path), "outputs.page")
    assert "query" in line
    assert "page" in line


@pytest.mark.parametrize("name", ["check", "run"])
def test_a_point_that_divides_by_zero_is_refused(name, command, write_study):
    path = write_study(replace={'"fuel * content"': '"fuel * content / (content / content - 1)"'})
    the_one_fault(command(name, path), "inputs: points: ")


def test_an_override_that_divides_by_zero_is_refused(command, write_study):
    path = write_study(
        replace={'occupancy_share = "1"': 'occupancy_share = "1 / (trips / 380[trip/year] - 1)"'}
    )
    the_one_fault(command("run", path, "--set", "trips=380"), "not a finite number")


def test_correlations_that_cannot_hold_together_are_refused(command, write_study):
    path = write_study(
        """
        format = 1
        study = { title = "Three", headline = "y" }
        inputs.a = { unit = "1", point = 1, distribution = "normal(1, 1)" }
        inputs.b = { unit = "1", point = 1, distribution = "normal(1, 1)" }
        inputs.c = { unit = "1", point = 1, distribution = "normal(1, 1)" }
        outputs.y = { value = "a + b + c", unit = "1" }
        correlations = [
            { inputs = ["a", "b"], spearman = 0.9 },
            { inputs = ["b", "c"], spearman = 0.9 },
            { inputs = ["a", "c"], spearman = -0.9 },
        ]
        """
    )
    the_one_fault(command("run", path), "correlations: ")


def test_two_choices_may_not_override_one_name(command, write_study):
    electric = 'inputs = { intensity = "uniform(30, 70)" }'
    path = write_study(replace={electric: electric + '\nequations = { occupancy_share = "0.9" }'})
    the_one_fault(
        command("check", path), 'the equation "occupancy_share" is overridden by the choice "sharing" too'
    )


@pytest.mark.slow
def test_a_ten_megabyte_expression_is_refused_at_once(command, write_study):
    path = write_study(replace={'"1"\n\n[outputs': f'"{"1+" * (TEN_MEGABYTES // 2)}1"\n\n[outputs'})
    line = the_one_fault(command("check", path), "equations.occupancy_share: ")
    assert len(line) < 500


def test_a_file_beyond_all_size_is_refused_unread(command, write_study):
    path = write_study()
    with path.open("ab") as file:
        file.truncate(2**26)
    the_one_fault(command("check", path), "at most 32 MiB")


def test_infinite_draws_are_traced_to_their_inputs(command, write_study):
    path = write_study(
        """
        format = 1
        study = { title = "Division", headline = "ratio" }
        inputs.above = { unit = "1", point = 1, distribution = "uniform(1, 2)" }
        inputs.below = { unit = "1", point = 2, distribution = "discrete(0, 1, weights=(0.25, 0.75))" }
        outputs.ratio = { value = "above / below", unit = "1" }
        """
    )
    line = the_one_fault(command("run", path, "--samples", 4096), "outputs.ratio: ")
    assert re.search(r"for 1024 of 4096 draws \(25 %\)", line)
    assert "below from 0 to 0" in line


def test_several_faults_are_reported_together(command, write_study):
    path = write_study(
        replace={
            'unit = "km/trip"': 'unit = "kmm/trip"',
            '"normal(150, 15)"': '"normal(150)"',
            'headline = "yearly"': 'headline = "yearli"',
        }
    )
    finished = command("run", path)
    assert finished.code == 2
    assert finished.out == ""
    lines = finished.err.splitlines()
    assert len(lines) == 3
    for key in ("study.headline", "inputs.distance.unit", "inputs.intensity.distribution"):
        assert sum(line.startswith(f"error: {path}: {key}: ") for line in lines) == 1


BAD_OPTIONS = {
    "no samples": (["--samples", "0"], "samples: expected at least 1, found 0"),
    "samples in words": (["--samples", "abc"], '--samples: expected a whole number, found "abc"'),
    "half a sample": (["--samples", "1.5"], '--samples: expected a whole number, found "1.5"'),
    "endless samples": (["--samples", "1e30"], "samples: expected at most 2^40"),
    "negative seed": (["--seed", "-1"], "seed: expected 0 or more, found -1"),
    "level above one": (["--level", "2"], '--level: expected a number between 0 and 1, found "2"'),
    "level not a number": (["--level", "nan"], "--level: expected a number between 0 and 1"),
    "no threads": (["--threads", "0"], "threads: expected at least 1, found 0"),
    "misspelt design": (["--design", "sobl"], 'unknown design "sobl"; did you mean "sobol"?'),
    "misspelt interval": (["--interval", "centrl"], 'unknown kind "centrl"; did you mean "central"?'),
    "misspelt reading": (["--reading", "carpol"], 'unknown reading "carpol"; did you mean "carpool"?'),
    "misspelt output": (["--only", "yearli"], '--only: unknown output "yearli"; did you mean "yearly"?'),
    "unknown input": (["--set", "distanse=3"], 'unknown input "distanse"; did you mean "distance"?'),
    "malformed override": (["--set", "distance"], '--set: expected INPUT=DISTRIBUTION, found "distance"'),
    "override without a name": (["--set", "=3"], "--set: expected INPUT=DISTRIBUTION"),
    "override given twice": (
        ["--set", "distance=3", "--set", "distance=4"],
        '--set: "distance" is given twice',
    ),
    "unreadable override": (
        ["--set", "distance=norml(3, 1)"],
        'distance: cannot read "norml(3, 1)"; write "normal(3, 1)"',
    ),
    "override outside the limits": (
        ["--set", "distance=0.5"],
        "distance: 0.5 lies outside the input's limits, 1 to 100",
    ),
    "malformed choice": (["--choose", "sharing"], '--choose: expected CHOICE=OPTION, found "sharing"'),
    "misspelt choice": (["--choose", "sharin=shared"], 'unknown choice "sharin"; did you mean "sharing"?'),
    "misspelt option of a choice": (
        ["--choose", "sharing=shard"],
        'unknown option "shard" of the choice "sharing"; did you mean',
    ),
    "excluded options": (
        ["--choose", "sharing=shared", "--choose", "car=electric"],
        "nobody shares the electric car",
    ),
    "unknown option": (["--sampels", "9"], 'unknown option "--sampels"; did you mean "--samples"?'),
    "option without a value": (["--samples"], 'option "--samples" requires an argument'),
    "two studies": (["another.toml"], "unexpected extra argument"),
}


@pytest.mark.parametrize("case", BAD_OPTIONS)
def test_a_bad_option_gives_one_line(case, command, write_study, tmp_path):
    options, expected = BAD_OPTIONS[case]
    path = write_study()
    the_one_fault(command("run", path, *options), expected)
    assert list(tmp_path.iterdir()) == [path]


def test_several_bad_options_are_reported_together(command, write_study):
    finished = command("run", write_study(), "--set", "distance", "--choose", "car", "--interval", "wide")
    assert finished.code == 2
    assert [line[:7] for line in finished.err.splitlines()] == ["error: "] * 3


def test_an_unknown_command_is_corrected(command):
    the_one_fault(command("sensitivty"), 'unknown command "sensitivty"; did you mean "sensitivity"?')


def test_json_asks_nothing_less(command, write_study):
    found = command("run", write_study(), "--json", "--set", "distance=oops")
    (fault,) = json.loads(found.out)["error"]["faults"]
    assert fault["key"] == "distance"
    the_one_fault(found._replace(out=""), "distance: ")


@pytest.mark.parametrize("name", ["check", "sensitivity", "report"])
def test_every_command_refuses_a_missing_file(name, command, tmp_path):
    the_one_fault(command(name, "nowhere.toml"), "nowhere.toml: no such study file")
    assert not list(tmp_path.iterdir())


def test_control_characters_of_a_file_reach_no_terminal(command, write_study):
    path = write_study(replace={'headline = "yearly"': 'headline = "year\\u001b[31mly\\nerror: x"'})
    line = the_one_fault(command("check", path), "study.headline")
    assert line.isprintable()


@pytest.mark.slow
def test_a_process_of_its_own_behaves_the_same(write_study, tmp_path):
    path = write_study(replace={'unit = "km/trip"': 'unit = "kmm/trip"'})
    the_one_fault(run_apart("run", path, folder=tmp_path), f"{path}: inputs.distance.unit: ")
    the_one_fault(run_apart("run", "--samples", "abc", folder=tmp_path), "--samples")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", ["", "study.toml", "study.toml/inside"])
def test_a_report_that_cannot_become_a_folder_is_refused_before_any_work(
    where, command, write_study, tmp_path
):
    path = write_study()
    target = tmp_path / where if where else ""
    the_one_fault(command("report", path, "--to", target), "--to: ")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.slow
@pytest.mark.parametrize(("closed", "code"), [(">&-", 2), ("2>&- >/dev/null", 0)])
def test_closed_streams_raise_no_traceback(closed, code, write_study):
    command = f"{shlex.quote(sys.executable)} -m uncertainty check {shlex.quote(str(write_study()))} {closed}"
    # only a shell closes a stream
    finished = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert finished.returncode == code
    assert finished.stdout == ""
    assert finished.stderr in {"", "error: cannot write to the standard output: it is closed\n"}
