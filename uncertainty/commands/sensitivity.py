"""`uncertainty sensitivity`: which inputs drive an output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.commands.console import page, progress, write
from uncertainty.commands.options import (
    DEFAULT_LEVEL,
    DEFAULT_STUDY,
    Choose,
    Design,
    Json,
    Level,
    Only,
    Override,
    Quiet,
    ReadingName,
    Samples,
    Seed,
    StudyName,
    Threads,
    make_settings,
    wanted_outputs,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console
    from rich.table import Table

    from uncertainty.sensitivity.results import Index, OutputIndices, SobolIndices
    from uncertainty.study.model import Study

NEGLIGIBLE = 0.005
"""Total index below which an input shares one line with its like."""

BAR = 12
"""Characters of a bar for an index of 1."""

NARROW = 0.01
"""Width of an index's interval below which it is shown with a third decimal."""

EXAMPLES = """Examples:

\b
  uncertainty sensitivity
  uncertainty sensitivity --reading like_for_like
  uncertainty sensitivity --only us_writer_vs_chatgpt --samples 65536
"""


def sensitivity(
    study: StudyName = DEFAULT_STUDY,
    samples: Samples = None,
    seed: Seed = 1,
    design: Design = "sobol",
    level: Level = DEFAULT_LEVEL,
    reading: ReadingName = "as_published",
    choose: Choose = None,
    override: Override = None,
    only: Only = None,
    threads: Threads = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which inputs drive an output, by their Sobol' indices.

    Shows the headline unless --only names other outputs; --json gives all of them. Here --samples counts base
    points (16,384 by default), each of which runs the model once for every input and twice more.
    """
    from uncertainty.documents import dump, sensitivity_document
    from uncertainty.sensitivity.sobol import SAMPLES, sobol
    from uncertainty.study.reader import load_study
    from uncertainty.wording import count

    settings = make_settings(
        samples=SAMPLES if samples is None else samples,
        seed=seed,
        design=design,
        level=level,
        reading=reading,
        choose=choose,
        override=override,
    )
    loaded = load_study(study)
    wanted = wanted_outputs(loaded, only)
    if not only and not as_json:
        wanted = (loaded.headline,)
    with progress("Attributing variance", quiet=quiet) as report:
        found = sobol(loaded, output=wanted, threads=threads, progress=report, settings=settings)
    if as_json:
        write(dump(sensitivity_document(found)))
        return
    with page() as out:
        _show(out, found, asked=samples, quiet=quiet)
        others = len(loaded.outputs) - len(wanted)
        if others and not only and not quiet:
            out.print(f"The study has {count(others, 'more output')}; --only OUTPUT shows one.")


def _show(out: Console, found: SobolIndices, *, asked: int | None, quiet: bool) -> None:
    from uncertainty.commands.tables import heading, paragraph, provenance, scenario_text

    heading(out, found.study)
    out.print(f"What drives it, under the reading “{scenario_text(found.scenario)}”")
    out.print()
    for indices in found.outputs.values():
        _show_output(out, found.study, indices, found.settings.level)
    if not quiet:
        paragraph(
            out,
            "S1 is the share of the variance that an input explains alone, ST the share that it explains "
            f"with all its interactions; each with the {numbers.level(found.settings.level)} confidence "
            "interval of its estimate. ≈ 0: not distinguishable from 0.",
        )
        out.print()
    paragraph(
        out,
        provenance(found.study, found.settings, asked=asked, what="base points")[:-1]
        + f"; {found.model_rows:,} model runs in {found.replicates} independent replicates.",
    )


def _show_output(out: Console, study: Study, indices: OutputIndices, level: float) -> None:
    from uncertainty.commands.tables import paragraph

    output = study.outputs[indices.output]
    what = "the logarithm of " if indices.scale == "log10" else ""
    paragraph(out, f"Shares of the variance of {what}“{output.title}”")
    if indices.reason:
        out.print(f"None: {indices.reason}.")
        out.print()
        return
    if indices.disagreement:
        paragraph(out, indices.disagreement)
    titles = {name: item.title for name, item in study.inputs.items()}
    for what, found, names in (("Input", indices.indices, titles), ("Group", indices.groups, {})):
        shown = {key: index for key, index in found.items() if index.ST_interval[1] >= NEGLIGIBLE}
        if shown:
            out.print(_indices_table(what, shown, names, level))
        rest = [_title(key, names) for key in found if key not in shown]
        if rest:
            paragraph(out, f"Less than {100 * NEGLIGIBLE:g} % each: {'; '.join(rest)}.")
        if found:
            out.print()


def _indices_table(what: str, indices: Mapping[str, Index], titles: Mapping[str, str], level: float) -> Table:
    from uncertainty.commands.tables import columns

    interval = numbers.level(level)
    table = columns(what, "ST", interval, "S1", interval, "", numeric=range(1, 5))
    mark = "█" if (sys.stdout.encoding or "").lower().startswith("utf") else "#"
    for key, index in indices.items():
        table.add_row(
            _title(key, titles),
            *_index(index.ST, index.ST_interval, known=index.distinguishable),
            *_index(index.S1, index.S1_interval, known=index.S1_distinguishable),
            mark * round(BAR * min(index.ST, 1.1)) if index.distinguishable else "",
        )
    return table


def _title(key: str, titles: Mapping[str, str]) -> str:
    """Name an input, or the correlated inputs that are one set."""
    return " + ".join(titles.get(name, name) for name in key.split("+"))


def _index(value: float, interval: tuple[float, float], *, known: bool) -> tuple[str, str]:
    """Write an index and its interval; one that is not known from 0 has an upper end only."""
    low, high = interval
    if not known:
        return "≈ 0", f"up to {numbers.number(max(high, 0), 2)}"
    places = 3 if high - low < NARROW else 2
    return f"{value:.{places}f}", f"{low:.{places}f}–{high:.{places}f}"
