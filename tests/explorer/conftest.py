"""A browser for the explorer, and pages of small studies in it."""

import base64
import json
import os
import shutil

import numpy as np
import pytest
from explorer_tools import missing

import uncertainty as un
from uncertainty.explorer import export_program, program_json
from uncertainty.pages.blocks import Explorer, Section
from uncertainty.pages.render.html import render

COLUMNS = """
state => {
  const { explorer } = document.getElementById("explorer-app");
  const known = new Map(Object.entries(state.choices)), own = new Map(Object.entries(state.inputs));
  const { results } = explorer.compute({ ...state, choices: known, inputs: own });
  const written = column => {
    let text = "";
    for (const byte of new Uint8Array(column.slice().buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const names = state.of === "inputs" ? Object.keys(explorer.program.inputs) : [...results.columns.keys()];
  return Object.fromEntries(names.map(name =>
    [name, written(state.of === "inputs" ? results.input(name) : results.columns.get(name))]));
}
"""


@pytest.fixture(scope="session")
def browser():
    """Start Debian's Chromium once."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("no Chromium is installed")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """Return a function that opens a file; any error, warning or request that it causes fails the test."""
    contexts, troubles = [], []

    def opened(path, address="", **options):
        context = browser.new_context(**options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        own = path.as_uri()
        page.on(
            "request",
            lambda request: None if request.url.split("#")[0] == own else troubles.append(request.url),
        )
        page.goto(own + address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def page_file(tmp_path):
    """Return a function that writes a page with nothing but a study's explorer."""

    return lambda study, settings=None: write_page(study, tmp_path, settings)


def write_page(study, folder, settings=None):
    program = program_json(export_program(study, settings))
    sections = (Section("claim", "Claim", ()), Section("explorer", "Explorer", (Explorer(program, "–"),)))
    path = folder / f"{study.name}.html"
    path.write_text(render(study.title, "", sections), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small_page(tmp_path_factory, small_text):
    """The page of the small study, to be opened as often as is wanted."""
    folder = tmp_path_factory.mktemp("explorer")
    (folder / "study.toml").write_text(small_text, encoding="utf-8")
    return write_page(un.load_study(folder / "study.toml"), folder)


@pytest.fixture
def columns():
    """Return a function that gives the columns which a page computes under a state."""

    def computed(page, reading="as_published", choices=None, inputs=None, of="outputs"):
        state = {"reading": reading, "choices": choices or {}, "inputs": inputs or {}, "of": of}
        found = page.evaluate(COLUMNS, json.loads(json.dumps(state)))
        return {name: np.frombuffer(base64.b64decode(text)) for name, text in found.items()}

    return computed
