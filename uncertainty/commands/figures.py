"""Figures as files of their own, for every command that writes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty.errors import SettingError

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")


def format_of(path: Path, option: str) -> str:
    """Return the format that a file's ending asks for.

    Raises
    ------
    SettingError
        If no format has that ending.
    UncertaintyError
        If no file can be written there.
    """
    from uncertainty.files import check_target

    form = path.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        wanted = "expected a file that ends in .svg, .png or .pdf"
        raise SettingError(f'{option}: {wanted}, found "{path.name}"')
    check_target(path, option)
    return form


def write_figure(picture: Figure, name: str, finding: str, target: Path) -> None:
    """Write a figure in the format of its ending, whole or not at all: the same bytes for the same figure.

    A figure that is there already is replaced, as tables and reports are: it can be had again.

    Parameters
    ----------
    name
        Prefix of every identifier in an SVG.
    finding
        What it shows, for those who cannot see it.

    Raises
    ------
    UncertaintyError
        If it cannot be written.
    """
    from uncertainty.commands.console import note
    from uncertainty.files import saying_why, write_all
    from uncertainty.pages.figures.pictures import picture_bytes, svg_text, texts_of, warning, without_sign

    form = target.suffix.lower().removeprefix(".")
    content = svg_text(picture, name, finding) if form == "svg" else picture_bytes(picture, form)
    with saying_why(target):
        write_all(target.parent, {target.name: content})
    # an SVG is shown in the reader's own fonts
    if form != "svg" and (missing := without_sign(texts_of(picture))):
        note(warning(missing, f"{target.name} (.svg does not)"))
