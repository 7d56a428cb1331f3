"""What each command answers programs: the records behind ``results``, and what goes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from uncertainty._version import __version__
from uncertainty.results import encoded, record
from uncertainty.results.about import About

if TYPE_CHECKING:
    from uncertainty.propagation import Propagation
    from uncertainty.readings import Readings
    from uncertainty.results import Document
    from uncertainty.study.model import Study

FORMAT = 1


def document(command: str, study: Study, results: Any, settings: Any = None) -> Document:
    """Wrap a command's results with what they depend on.

    Parameters
    ----------
    results, settings
        Records, or mappings of records.
    """
    return {
        "format": FORMAT,
        "command": command,
        "version": __version__,
        "study": {"name": study.name, "title": study.title, "sha256": study.sha256},
        "settings": encoded(settings or {}),
        "results": encoded(results),
    }


@record("**run", "readings?")
class RunAnswer(NamedTuple):
    """What `run` answers.

    Parameters
    ----------
    readings
        The headline under every reading, where it was asked for.
    """

    run: Propagation
    readings: Readings | None = None


def run_document(run: Propagation, readings: Readings | None = None) -> Document:
    """Return the document of `uncertainty run`."""
    return document("run", run.study, RunAnswer(run, readings), About(run.settings, run.scenario))
