"""What a function's result calls its columns says which member each is of."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import uncertainty as un
from uncertainty.errors import StudyError


def medians(result, index):
    study = un.Study.from_function(lambda a: {"y": result(a)}, {"a": "normal(10, 1)"}, outputs={"y": index})
    return {name: round(found.median) for name, found in un.propagate(study, samples=512).outputs.items()}


@pytest.mark.parametrize(
    "result",
    [
        lambda a: pd.DataFrame({"b": 2 * a, "a": a}),
        lambda a: pd.DataFrame({"a": a, "b": 2 * a}),
        lambda a: xr.DataArray(np.outer(a, [2, 1]), dims=("row", "c"), coords={"c": ["b", "a"]}),
        lambda a: xr.DataArray(np.outer(a, [1, 2]), dims=("row", "c")),
        lambda a: pd.DataFrame(np.outer(a, [1, 2])),
        lambda a: pd.DataFrame({"first": a, "second": 2 * a}),
        lambda a: np.outer(a, [1, 2]),
    ],
)
def test_a_column_is_that_of_the_member_it_is_named_for(result):
    assert medians(result, un.Index("c", ["a", "b"])) == {"y[a]": 10, "y[b]": 20}


def test_years_and_decimals_are_members_whatever_their_type():
    frame = {2030: 2, 2020: 1}
    named = medians(lambda a: pd.DataFrame({k: v * a for k, v in frame.items()}), un.Index("t", [2020, 2030]))
    assert named == {"y[2020]": 10, "y[2030]": 20}
    shares = {"0.5": 2, "0.1": 1}
    named = medians(lambda a: pd.DataFrame({k: v * a for k, v in shares.items()}), un.Index("t", [0.1, 0.5]))
    assert named == {"y[0.1]": 10, "y[0.5]": 20}
    # columns that nobody named stand in the order of the members
    plain = medians(lambda a: pd.DataFrame(np.outer(a, [1, 2])), un.Index("t", [1, 0]))
    assert plain == {"y[1]": 10, "y[0]": 20}


def test_columns_of_which_some_alone_are_members_are_refused():
    with pytest.raises(StudyError, match=r"outputs\.y: expected .*, found columns named b, d"):
        medians(lambda a: pd.DataFrame({"b": a, "d": a}), un.Index("c", ["a", "b"]))


def test_levels_and_years_of_times_name_members_too():
    levels = pd.MultiIndex.from_tuples([("v", "b"), ("v", "a")])
    named = medians(lambda a: pd.DataFrame(np.outer(a, [2, 1]), columns=levels), un.Index("c", ["a", "b"]))
    assert named == {"y[a]": 10, "y[b]": 20}
    times = pd.to_datetime(["2030-01-01", "2020-01-01"])
    named = medians(lambda a: pd.DataFrame(np.outer(a, [2, 1]), columns=times), un.Index("t", [2020, 2030]))
    assert named == {"y[2020]": 10, "y[2030]": 20}
    data = {"dims": ("row", "t"), "coords": {"t": times}}
    named = medians(lambda a: xr.DataArray(np.outer(a, [2, 1]), **data), un.Index("t", [2020, 2030]))
    assert named == {"y[2020]": 10, "y[2030]": 20}


class Fit(NamedTuple):
    slope: object
    start: object


@pytest.mark.parametrize("vectorized", [True, False])
def test_a_named_tuple_has_its_values_by_name(vectorized):
    def found(outputs, function=lambda a: Fit(2 * a, a)):
        study = un.Study.from_function(
            function, {"a": "normal(10, 1)"}, outputs=outputs, vectorized=vectorized
        )
        return {name: round(each.median) for name, each in un.propagate(study, samples=512).outputs.items()}

    assert found(["start", "slope"]) == {"start": 10, "slope": 20}
    assert found(None) == {"slope": 20, "start": 10}
    assert found(["slope"]) == {"slope": 20}
    assert found(["y", "z"]) == {"y": 20, "z": 10}
    assert found(["y", "z"], lambda a: (2 * a, a)) == {"y": 20, "z": 10}
    with pytest.raises(StudyError, match=r"expected the 2 \w+ slope, end, not Fit of slope, start"):
        found(["slope", "end"])
