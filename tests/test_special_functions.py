"""The functions of scipy.special, before and after somebody asks for the package around them."""

import subprocess
import sys

import pytest
import scipy.special

from uncertainty import special

FIRST = """
import sys
from uncertainty.special import ndtr
assert "scipy.special._basic" not in sys.modules
import scipy.special as package
assert "scipy.special._basic" not in sys.modules
assert package.ndtr is ndtr and package._ufuncs.ndtr is ndtr
from scipy.special import logsumexp
import scipy.stats
assert scipy.stats.norm.cdf(0.0) == 0.5 and scipy.special is package and "logsumexp" in dir(package)
assert not hasattr(package, "nothing")
"""


def test_a_function_is_scipys_own():
    assert special.ndtri is scipy.special.ndtri
    # one that no compiled module brings
    assert special.logsumexp([0.0, 0.0]) == scipy.special.logsumexp([0.0, 0.0])
    assert not hasattr(special, "__path__")


@pytest.mark.slow
def test_the_package_runs_when_something_else_of_it_is_asked_for():
    subprocess.run([sys.executable, "-W", "error", "-c", FIRST], check=True)
