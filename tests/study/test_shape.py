"""Faults of one kind hide none of another."""

import pytest

import uncertainty as un

HEAD = 'format = 1\nstudy = { title = "t", headline = "y" }\n'
INPUT = 'inputs.a = { unit = "kg", point = 2 }\n'
OUTPUT = 'outputs.y = { value = "a", unit = "kg" }\n'

FILES = {
    "shape, unit and distribution": (
        HEAD + 'inputs.a = { unit = "kwh", point = 2, lable = "x", distribution = "150-250" }\n' + OUTPUT,
        ["inputs.a.lable: unknown key", 'did you mean "kWh"?', 'write "150 to 250"'],
    ),
    "a missing unit and the distribution beside it": (
        HEAD + 'inputs.a = { point = 2, distribution = "10 ± 3" }\n' + OUTPUT,
        ["inputs.a.unit: this key is required", "inputs.a.distribution: "],
    ),
    "no outputs": (
        HEAD + 'inputs.a = { unit = "kg", point = 1, distribution = "normal(1" }\n',
        ["outputs: this key is required", "inputs.a.distribution: expected"],
    ),
    "shape, names and dimensions": (
        HEAD + INPUT + 'inputs.b = { unit = "m", point = 1, low = "x" }\n'
        'equations = { s = "a + b", t = "nowhere + a", u = { value = [1] } }\n' + OUTPUT,
        [
            "inputs.b.low: expected a number",
            "equations.u.value: ",
            'unknown quantity "nowhere"',
            "cannot add mass",
        ],
    ),
    "entries of a list": (
        HEAD + INPUT + OUTPUT + "correlations = [{ inputs = ['a'], spearman = 2 }, { inputs = ['a', 'zz'],"
        " spearman = 0.5 }, { x = 1 }, { inputs = ['a', 'b'] }]\n",
        [
            "correlations[0].inputs: expected at least 2 entries",
            "correlations[3]: expected one of spearman, pearson, kendall and matrix, found none",
            "correlations[2].x: unknown key",
            'unknown input "zz"',
            '"a" has no distribution to correlate',
        ],
    ),
    "no study": (
        INPUT.replace("kg", "mt") + OUTPUT,
        ["format: this key is required", "study: this key is required", '"mt" would read as'],
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_faults_of_every_kind_are_reported_together(case, write_study):
    text, expected = FILES[case]
    with pytest.raises(un.StudyError) as refusal:
        un.load_study(write_study(text))
    found = [str(fault) for fault in refusal.value.faults]
    for part in expected:
        assert any(part in fault for fault in found), found
    # what hangs on a fault is no fault of its own
    assert len(found) == len(expected), found


@pytest.mark.parametrize(
    "text", ["", "x = 1", "inputs = 3", "[study]\n[[inputs]]\n", "format = []\nstudy = 4\noutputs = 'x'"]
)
def test_a_file_of_no_shape_is_refused(text, write_study):
    with pytest.raises(un.StudyError):
        un.load_study(write_study(text))
