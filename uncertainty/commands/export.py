"""`uncertainty export`: a study as a workbook, as CSV or as JSON, or its sources for reference managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.commands.console import note, progress, write
from uncertainty.commands.options import DEFAULT_STUDY, Annotate, Force, Quiet, StudyName, ToFile
from uncertainty.commands.targets import check_apart
from uncertainty.errors import Fault, SettingError, UncertaintyError

if TYPE_CHECKING:
    from pathlib import Path

    from uncertainty.study.model import Study

EXAMPLES = """Examples:

\b
  uncertainty export ai-vs-human --to ai-vs-human.xlsx    a sheet for inputs, evidence, equations, …
  uncertainty export my-study.toml --to inputs.csv        its inputs alone
  uncertainty export my-study.toml --to my-study          a folder with a CSV file for each sheet
  uncertainty export my-study.toml --to seen.xlsx --annotate model.xlsx   beside the cells of a workbook
  uncertainty export my-study.toml --to sources.bib       its sources alone, as BibTeX
  uncertainty new my-study.toml --from ai-vs-human.xlsx   and back
"""


def export(
    study: StudyName = DEFAULT_STUDY,
    to: ToFile = None,
    annotate: Annotate = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write a study as an Excel workbook, as CSV or as JSON, or its sources for reference managers.

    All of these can be given to every command in place of a study file, and new --from makes one of them; of
    a .csv where no input needs indices, experts or equations of its study, which are told of.

    The name that follows --to says the form: .xlsx, .json and .toml hold all of a study but its comments, a
    name without an ending is a folder of CSV files that does too, and .csv holds the inputs alone. The data
    files that a study reads go into the folder, or beside the one file, where another file that has the name
    of one of them is refused. The sources alone go to .bib (BibTeX) and .csl.json (CSL JSON, for Zotero and
    pandoc). Draws and results go to files by the options --save and --table of run and sensitivity.

    --annotate copies the workbook of whose formulas the study was made, and writes beside each input's cell
    its distribution, interval and source, and beside each output's its interval and the percentile of the
    stored value. No formula and no number is touched.
    """
    from uncertainty.files import check_folder, refuse_to_replace, saying_why
    from uncertainty.study.bibliography import ENDINGS
    from uncertainty.study.bundled import locate
    from uncertainty.study.conversion import write_study
    from uncertainty.study.derived import needs_more
    from uncertainty.study.reader import data_of, load_study
    from uncertainty.wording import listed, some_of

    if to is None:
        raise SettingError("--to: expected a file to write, such as --to study.xlsx")
    found = load_study(study)
    check_apart(found, {"--to": str(to)})
    if annotate is not None:
        _annotate(found, annotate, to, force=force, quiet=quiet)
        return
    with saying_why(to):
        if to.suffix:
            refuse_to_replace(to, force=force)
        else:
            check_folder(to, "--to")
            if to.exists() and not force and any(to.iterdir()):
                raise UncertaintyError(
                    f"{to}: exists already; --force writes into a folder that has files in it"
                )
        beside: list[str] = []
        if sources := to.name.lower().endswith(ENDINGS):
            _write_sources(found, to)
        else:
            data = data_of(found, inputs_alone=to.suffix.lower() == ".csv")
            beside = write_study(locate(study), to, data, found.sources)
    if not quiet:
        alone = " with the inputs alone" if to.suffix.lower() == ".csv" else ""
        if alone and (keys := needs_more(found)):
            note(f"Of no use without the rest of the study: {some_of(keys)}.")
        alone = " with the sources alone" if sources else alone
        rest = f"{alone}; a folder, .xlsx and .json hold the whole study" if alone else ""
        read = f", and {listed(beside)} beside it, which it reads" if beside else ""
        write(f"Wrote {to}{rest}{read}.\n")


def _annotate(study: Study, model: Path, to: Path, *, force: bool, quiet: bool) -> None:
    """Write a study's results beside the cells of a copy of a workbook."""
    from uncertainty.files import refuse_to_replace, saying_why
    from uncertainty.numbers import count
    from uncertainty.propagation import propagate
    from uncertainty.tables.workbook import require
    from uncertainty.wording import listed
    from uncertainty.workbooks.annotation import annotate

    require()
    if to.suffix.lower() != ".xlsx":
        raise SettingError(Fault("expected a name that ends in .xlsx, for the copy", file=str(to)))
    refuse_to_replace(to, force=force)
    if to.exists() and model.exists() and to.samefile(model):
        raise SettingError(Fault("is the workbook itself; name a copy", file=str(to)))
    with progress("Drawing", quiet=quiet) as report:
        found = propagate(study, progress=report)
    with saying_why(to):
        done = annotate(model, to, found)
    if done.others:
        note(f"Cells that hold another number than the study: {listed(done.others)}.")
    if not quiet:
        write(f"Wrote {to}, with something beside {count(done.cells, 'cell')}.\n")


def _write_sources(study: Study, to: Path) -> None:
    """Write a study's sources for reference managers."""
    from uncertainty.files import write_whole
    from uncertainty.study.bibliography import bibtex, csl_json

    if not study.sources:
        raise SettingError(f"{to}: the study has no [sources] to write")
    write_whole(to, bibtex(study) if to.name.lower().endswith(".bib") else csl_json(study))
