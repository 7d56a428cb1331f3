"""What the tests in a browser share."""

import os
import time
from pathlib import Path

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


def tool(name):
    """Return the file of a tool that only these tests use, or skip."""
    folder = Path(os.environ.get("UNCERTAINTY_NODE_MODULES", Path(__file__).parent / "node_modules"))
    found = folder / name
    if not found.exists():
        missing(f"{name} is not installed; npm ci --prefix tests/explorer does it")
    return found


def axe_script():
    """Return the accessibility checker, or skip."""
    return tool("axe-core/axe.min.js").read_text(encoding="utf-8")


def serious_faults(page, script, rules=()):
    """Return what the accessibility checker finds that is serious or critical, by some rules or by all."""
    page.evaluate(script)
    options = {"resultTypes": ["violations"]} | (
        {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    )
    found = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
