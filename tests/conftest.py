"""Small studies that tests share."""

import gc
import signal
import threading
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest
from command_line import run_here
from hypothesis import HealthCheck, settings

import uncertainty as un
from uncertainty.disk import ENDINGS
from uncertainty.over_cases import speaking_of

# the same examples everywhere, and no verdict that hangs on how busy a machine is
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


# importing and collecting leave no garbage to speak of, and looking for it took a third of their time
gc.disable()


def pytest_collection_finish():
    """Let nobody look through the thousands of tests for garbage while they run; they stay to the end."""
    gc.freeze()
    gc.set_threshold(20_000, 20)
    gc.enable()


SMALL = """
format = 1

[study]
title = "Commuting"
headline = "yearly"
counting_units = ["trip"]

[inputs.distance]
unit = "km/trip"
point = 10
distribution = "lognormal(10, 1.2)"
low = 1
high = 100
group = "road"

[inputs.intensity]
unit = "g/km"
point = "fuel * content"
distribution = "normal(150, 15)"
group = "car"

[inputs.fuel]
unit = "L/km"
point = 0.065

[inputs.content]
unit = "kg/L"
point = 2.3

[inputs.trips]
unit = "trip/year"
point = 400
distribution = "discrete(380, 400, 440)"
kind = "variability"

[equations]
per_trip = "distance * intensity * occupancy_share"
occupancy_share = "1"

[outputs.per_trip]
unit = "kg/trip"
published = 1.5

[outputs.yearly]
label = "Yearly emissions"
value = "per_trip * trips"
unit = "kg/year"
published = 600
claim = "at least"
reference = 100
scale = "log10"

[choices.sharing]
question = "Who else is in the car?"
[choices.sharing.options.alone]
label = "nobody"
[choices.sharing.options.shared]
label = "one other person"
equations = { occupancy_share = "0.5" }

[choices.car]
[choices.car.options.petrol]
[choices.car.options.electric]
inputs = { intensity = "uniform(30, 70)" }

[[excluded]]
when = { sharing = "shared", car = ["electric"] }
because = "nobody shares the electric car"

[readings.as_published]
label = "As published"

[readings.carpool]
label = "Two in the car"
condition = "two people share the car"
choices = { sharing = "shared" }
inputs = { trips = 440 }
expect = { yearly = { value = 330, digits = 2 } }
preferred = true
"""


@pytest.fixture(scope="session", autouse=True)
def signals_that_are_answered() -> None:
    """Tests of signals hold however they are begun: `nohup` and a shell's `&` have some of them ignored."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for name in set(ENDINGS) & set(dir(signal)):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk():
    """Tests survive no power cut: those of what is asked of the disk say so themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def small_text() -> str:
    return SMALL


@pytest.fixture
def write_study(tmp_path: Path):
    """Return a function that writes a study file: a whole text, or replacements in the small study."""

    def write(text: str = SMALL, **replacements: str) -> Path:
        for old, new in replacements.pop("replace", {}).items():
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / "study.toml"
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


@pytest.fixture
def load(write_study):
    """Return a function that loads a study from its text."""
    return lambda text: un.load_study(write_study(text))


@pytest.fixture
def small(write_study) -> un.Study:
    return un.load_study(write_study())


@pytest.fixture(scope="session")
def flagship() -> un.Study:
    return un.load_study("ai-vs-human")


@pytest.fixture(scope="session")
def single_cases(flagship: un.Study) -> un.Study:
    """Return the flagship with outputs that speak of any one case, which few draws suffice for."""
    return speaking_of(flagship, "case")


@pytest.fixture
def command(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs the command line in this process, in an empty folder, 80 columns wide."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return partial(run_here, capsys)
