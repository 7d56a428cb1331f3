"""A study that tests of studies share."""

import pytest
from sourced_study import SOURCED

import uncertainty as un


@pytest.fixture
def sourced(write_study):
    return un.load_study(write_study(SOURCED))
