"""`uncertainty studies` lists what is bundled, the flagship first."""

import json
import os
from pathlib import Path

import pytest

from uncertainty.study import bundled


def test_the_flagship_comes_first(command):
    found = command("studies")
    assert found.code == 0
    names = [line.split()[0] for line in found.out.splitlines()[1:] if not line.startswith(" ")]
    assert names == bundled.names()
    assert names[0] == "ai-vs-human"


def test_json_lists_the_same_studies(command):
    document = json.loads(command("studies", "--json").out)
    assert document["command"] == "studies"
    assert list(document["results"]["studies"]) == bundled.names()
    assert document["results"]["studies"]["ai-vs-human"]["headline"] == "us_illustrator_vs_midjourney"


@pytest.mark.skipif("UNCERTAINTY_INSTALLED" in os.environ, reason="run against an installation")
def test_a_checkout_reads_its_own_folder_and_no_installed_copy():
    assert bundled.folder() == Path(__file__).parents[2] / "distributions"
