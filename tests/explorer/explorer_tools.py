"""What the tests in a browser share."""

import os
import time

import pytest

REQUIRED = "UNCERTAINTY_BROWSER_REQUIRED"
"""Set where a missing browser, or a missing tool in it, is a failure."""


def missing(reason):
    """Skip a test for want of something, or fail where everything must be there."""
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


def until(page, expression, argument=None, seconds=10):
    """Wait for an expression to hold; the page's policy keeps a script from polling one that is a text."""
    deadline = time.monotonic() + seconds
    while not (found := page.evaluate(expression, argument)):
        assert time.monotonic() < deadline, f"never came true: {expression} {argument or ''}"
        page.wait_for_timeout(20)
    return found
