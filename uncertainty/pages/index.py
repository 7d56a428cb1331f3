"""A gallery of several studies' reports: each claim as its question, its verdict and a small picture."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

from uncertainty import numbers
from uncertainty.amounts import ends_text, farthest, is_set
from uncertainty.files import write_all
from uncertainty.late import dataclass
from uncertainty.pages.blocks import (
    Beside,
    Block,
    Figure,
    Paragraph,
    Section,
    Span,
    Text,
    joined,
    link,
    strong,
)
from uncertainty.pages.comparison.outcomes import written
from uncertainty.pages.figures.drivers import explains
from uncertainty.pages.figures.intervals import Interval
from uncertainty.pages.figures.pictures import svg_text
from uncertainty.pages.figures.thumbnails import draw_thumbnail
from uncertainty.pages.render import html, markdown
from uncertainty.pages.render.markdown import FIGURES
from uncertainty.pages.sections.sources import cited
from uncertainty.pages.wording import of_medians
from uncertainty.pages.writer import DOCUMENT, MARKDOWN, PAGE, RESULTS
from uncertainty.results.reading import OutputPart
from uncertainty.sensitivity.sobol.results import FIRST
from uncertainty.wording import claim_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from uncertainty.results import Document
    from uncertainty.study.model import Output, Study

INDEX = "README.md"
TITLE = "How sure are published numbers?"
LEAD = (
    "Each of these reports takes one calculation with published numbers, gives distributions to "
    "those that it holds to be uncertain or to differ from case to case, and says what comes out. "
    "First come the claims whose published figure lies farthest out: from each leading reading's median (by "
    "factors where the study counts in factors), compared with how far that reading's interval reaches "
    "on the same side; of these distances the middle one counts. An interval without an end reaches every "
    "figure on that side. Studies without such a figure come last."
)
KEY = (
    "In each picture the upright bar is the published figure, if there is one, lines hold {level} of the "
    "draws of each leading reading and marks are their medians; a dashed line is the value at which the "
    "claim turns round. An arrow: the interval has no end."
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim of the gallery.

    Parameters
    ----------
    distance
        How far the published figure lies from its intervals, as `distance_of` finds it; None where that has
        no meaning: nothing was published, or a share of the draws.
    """

    study: Study
    report: Document
    intervals: tuple[Interval, ...]
    distance: float | None

    @property
    def output(self) -> Output:
        """The headline."""
        return self.study.outputs[self.study.headline]

    @property
    def figure(self) -> float | None:
        """The published figure that intervals can be held against; None where it is a share of the draws."""
        found = self.output.published
        return None if found is None or found.statistic in ("sd", "probability") else found.value


def write_index(folder: Path, studies: Sequence[Study]) -> tuple[Path, Path]:
    """Write a gallery of the reports in a folder, as a page and as Markdown with its pictures.

    Parameters
    ----------
    folder
        Has a folder of the name of each study with its report in it.

    Raises
    ------
    OSError
        If a report is missing, or the folder cannot be written.
    """
    write_all(folder, index_files(folder, studies))
    return folder / PAGE, folder / INDEX


def index_files(folder: Path, studies: Sequence[Study]) -> dict[str, str | bytes]:
    """Return the gallery's files by name."""
    entries = [_entry(study, folder) for study in studies]
    entries.sort(key=lambda each: (each.distance is None, -(each.distance or 0.0), each.study.name))
    level = numbers.level(entries[0].report["settings"]["level"]) if entries else ""
    drawn = {each.study.name: _picture(each) for each in entries}

    def sections(first: str) -> tuple[Section, ...]:
        said = (Paragraph(LEAD), Paragraph(KEY.format(level=level)))
        return (Section("reports", "Claims", said), *(_section(each, drawn, first) for each in entries))

    pictures: dict[str, str | bytes] = {
        f"{FIGURES}/{name}.svg": figure.svg for name, figure in drawn.items() if figure is not None
    }
    return {
        PAGE: html.render(TITLE, "", sections(PAGE)),
        INDEX: markdown.render(TITLE, "", sections(MARKDOWN)),
        **pictures,
    }


def _entry(study: Study, folder: Path) -> Entry:
    report = json.loads((folder / study.name / RESULTS).read_text(encoding="utf-8"))
    readings = report["results"]["readings"][study.headline]
    output, intervals = study.outputs[study.headline], []
    parts = {name: OutputPart.model_validate(readings["outputs"][name]) for name in readings["leading"]}
    far = farthest(output, [found.median for found in parts.values() if found.median is not None])
    for role, (name, found) in enumerate(parts.items()):
        low, high = found.interval
        if found.median is not None and low is not None and high is not None:
            middle, ends = written(found)
            text = ends_text(ends, output, high, far) if found.varies else middle
            endless = found.varies and is_set(high, far)
            title = study.readings[name].title
            intervals.append(Interval(title, low, found.median, high, role, text, endless))
    entry = Entry(study, report, tuple(intervals), None)
    return replace(entry, distance=distance_of(entry.figure, intervals, output.scale))


def distance_of(figure: float | None, intervals: Sequence[Interval], scale: str) -> float | None:
    """Return how far a figure lies from medians, where 1 is an interval's end on its side: the middle one.

    Distances are taken on the output's scale, where all that they compare is positive there. An interval
    without width, of a reading in which nothing varies, counts for none, and one without an end for 0 there.
    """
    if figure is None:
        return None
    positive = figure > 0 and all(each.low > 0 for each in intervals)

    def on_scale(value: float) -> float:
        return math.log10(value) if scale == "log10" and positive else value

    found = []
    for each in intervals:
        high = math.inf if each.is_endless else each.high
        middle, end = on_scale(each.median), on_scale(high if figure > each.median else each.low)
        if end != middle:
            found.append((on_scale(figure) - middle) / (end - middle))
    return median(found) if found else None


def _section(entry: Entry, drawn: dict[str, Figure | None], first: str) -> Section:
    """Describe one claim.

    Parameters
    ----------
    first
        The file that its title leads to.
    """
    study = entry.study
    said: list[Block] = [Paragraph(strong(_verdict(entry)))]
    if decides := _decides(entry):
        said.append(Paragraph(decides))
    said.append(Paragraph(joined(*claimed(entry))))
    said.append(Paragraph(_links(study.name, first)))
    figure = drawn[study.name]
    blocks = (Beside(figure, tuple(said)),) if figure is not None else tuple(said)
    title = study.question or study.title or study.name
    return Section(study.name, title, blocks, short=study.name.replace("-", " "))


def _verdict(entry: Entry) -> str:
    """Return the short answers: what the report comes to."""
    found = entry.report["results"]["readings"][entry.study.headline].get("judgement", {})
    answers = str(found.get("verdict") or "The report says how sure it is.")
    # the question itself is the title
    return answers.removeprefix(f"{entry.study.question} ") if entry.study.question else answers


def claimed(entry: Entry) -> tuple[Text, ...]:
    """Say what was published, and where."""
    # who printed the figure may be another than whose work it is about
    source = cited(entry.study, entry.output.source or entry.study.source) or "no source is named"
    if entry.output.published is None:
        return ("The study has no published figure of it. Source: ", source, ".")
    return (f"Published: {entry.output.title}, {claim_text(entry.output)} (", source, ").")


def _decides(entry: Entry) -> str:
    """Name the choice, or else the input, that moves the headline most."""
    results, headline = entry.report["results"], entry.study.headline
    multiverse = results["challenge"]["outputs"].get(headline, {}).get("multiverse") or {}
    choices = multiverse.get("choices") or {}
    known = {name: each["share"] for name, each in choices.items() if each.get("share")}
    if results["readings"][headline].get("convention_decides") and known:
        name = max(known, key=known.__getitem__)
        question = entry.study.choices[name].question or name
        positive = all(each["median"] > 0 for each in multiverse["universes"])
        scale = of_medians(logarithmic=entry.output.scale == "log10" and positive)
        return f"What decides: “{question}”, with {numbers.share(known[name])} of the variance of {scale}."
    for reading, found in results.get("sensitivity", {}).items():
        indices = _indices(found, headline)
        known = {name: each for name, each in indices.items() if each.get(FIRST) is not None}
        if known:
            return _first_driver(entry.study, reading, known)
    return ""


def _first_driver(study: Study, reading: str, indices: dict[str, Any]) -> str:
    """Name the input that explains the most of the headline's spread alone under a reading."""
    name = max(indices, key=lambda each: float(indices[each][FIRST]))
    explained = numbers.index_alone(indices[name][FIRST], *indices[name][f"{FIRST}_interval"])
    return f"Under “{study.readings[reading].title}” {explains(study, name)} {explained} of the spread alone."


def _indices(found: Any, headline: str) -> dict[str, Any]:
    """Return the Sobol' indices of a reading; none where there is only a reason."""
    if not isinstance(found, dict):
        return {}
    outputs = found.get("results", {}).get("outputs", {})
    indices = outputs.get(headline, {}).get("indices", {})
    return indices if isinstance(indices, dict) else {}


def _picture(entry: Entry) -> Figure | None:
    if not entry.intervals:
        return None
    output = entry.output
    drawing = draw_thumbnail(
        entry.intervals,
        published=entry.figure,
        reference=output.reference,
        unit=output.unit.text,
        logarithmic=output.scale == "log10",
    )
    said = "; ".join(f"{each.name}: {each.text}" for each in entry.intervals)
    alt = f"{said}; published {claim_text(output)}" if output.published is not None else said
    name = entry.study.name
    return Figure(name, svg_text(drawing, f"gallery-{name}", alt), alt, "")


def _links(name: str, first: str) -> Text:
    """Lead from the index's page to all of a report's files, and from its twin to what a repository keeps."""
    if first == MARKDOWN:
        return (link("The report", f"{name}/{MARKDOWN}"), ".")
    places = (("the page", PAGE), ("Markdown", MARKDOWN), ("PDF", DOCUMENT), ("all numbers", RESULTS))
    parts: list[str | Span] = ["The report: "]
    for number, (word, file) in enumerate(places):
        parts += [", ", link(word, f"{name}/{file}")] if number else [link(word, f"{name}/{file}")]
    return (*parts, ".")
