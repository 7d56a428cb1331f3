"""Files of ten thousand inputs are read in seconds, whether they are sound or not."""

import time

import pytest

import uncertainty as un
from uncertainty.study.correlation import MOST_CORRELATED
from uncertainty.study.faults import MOST_HINTS

INPUTS = 10_000
SECONDS = 60
"""Two seconds on a machine that does nothing else; what is quadratic takes many minutes."""

HEAD = 'format = 1\nstudy = { title = "Large", headline = "y" }\n'


def inputs(more=""):
    body = f'unit = "kg"\npoint = 7\ndistribution = "lognormal(3, 1.2)"\n{more}'
    return "".join(f"[inputs.x{i}]\n{body}" for i in range(INPUTS))


def tail(value):
    return f'[outputs.y]\nunit = "kg"\nvalue = "{value}"\n'


def chain():
    links = "".join(f'e{i} = "e{i - 1} + x{i}"\n' for i in range(1, INPUTS))
    return HEAD + inputs() + '[equations]\ne0 = "x0"\n' + links + tail(f"e{INPUTS - 1}")


def points():
    followers = "".join(f'[inputs.x{i}]\nunit = "kg"\npoint = "x{i - 1} * 1"\n' for i in range(1, INPUTS))
    return HEAD + '[inputs.x0]\nunit = "kg"\npoint = 7\n' + followers + tail(f"x{INPUTS - 1}")


def outputs():
    return HEAD + inputs() + tail("x0") + "".join(f'[outputs.x{i}]\nunit = "kg"\n' for i in range(INPUTS))


def misspelt():
    uses = "".join(f'e{i} = "x{i}_ * 2"\n' for i in range(INPUTS))
    return HEAD + inputs() + "[equations]\n" + uses + tail("x0")


def unknown_keys():
    return HEAD + inputs('labell = "a"\n') + tail("x0")


def correlated():
    pairs = (f'[[correlations]]\ninputs = ["x{i}", "x{i + 1}"]\nspearman = 0.3\n' for i in range(INPUTS - 1))
    return HEAD + inputs() + tail("x0") + "".join(pairs)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(chain, marks=pytest.mark.slow),
        pytest.param(points, marks=pytest.mark.slow),
        pytest.param(outputs, marks=pytest.mark.slow),
    ],
    ids=lambda make: make.__name__,
)
def test_a_sound_file_of_ten_thousand_inputs_is_read_in_seconds(text, tmp_path):
    path = tmp_path / "large.toml"
    path.write_text(text())
    started = time.monotonic()
    study = un.load_study(path)
    assert time.monotonic() - started < SECONDS
    assert len(study.inputs) == INPUTS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "faults", "message"),
    [
        (misspelt, INPUTS, 'unknown quantity "x0_"; did you mean "x0"?'),
        (unknown_keys, INPUTS, 'unknown key; did you mean "label"?'),
        (correlated, 1, f"expected at most {MOST_CORRELATED} correlated inputs, found {INPUTS}"),
    ],
    ids=["misspelt names", "unknown keys", "too many correlated"],
)
def test_a_file_of_ten_thousand_faults_is_refused_in_seconds(text, faults, message, tmp_path):
    path = tmp_path / "large.toml"
    path.write_text(text())
    started = time.monotonic()
    with pytest.raises(un.StudyError) as refused:
        un.load_study(path)
    assert time.monotonic() - started < SECONDS
    assert len(refused.value.faults) == faults
    assert refused.value.faults[0].message == message


def test_the_first_unknown_names_are_compared_with_all_that_there_are(tmp_path):
    path = tmp_path / "study.toml"
    uses = "".join(f'e{i} = "distanse + {i}[kg]"\n' for i in range(MOST_HINTS + 5))
    path.write_text(
        HEAD + '[inputs.distance]\nunit = "kg"\npoint = 1\n[equations]\n' + uses + tail("distance")
    )
    with pytest.raises(un.StudyError) as refused:
        un.load_study(path)
    messages = [fault.message for fault in refused.value.faults]
    assert messages[:MOST_HINTS] == ['unknown quantity "distanse"; did you mean "distance"?'] * MOST_HINTS
    assert messages[MOST_HINTS:] == ['unknown quantity "distanse"'] * 5


def test_an_expression_may_add_hundreds_of_inputs(write_study):
    names = [f"x{i}" for i in range(300)]
    inputs = "".join(f'[inputs.{n}]\nunit = "g"\npoint = 1\ndistribution = "uniform(0, 2)"\n' for n in names)
    study = un.load_study(write_study(HEAD + inputs + tail(" + ".join(names)).replace("kg", "g")))
    found = un.propagate(study, samples=2**12).headline
    # the sum of uniforms: mean 300, variance 300 / 3
    assert found.draws.mean.value == pytest.approx(300, abs=4 * 10 / 2**6)
    assert found.point == pytest.approx(300, rel=1e-12)
