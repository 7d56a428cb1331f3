"""How fast a table is: 50 countries, 30 years and 5 quantities, two of them drawn cell by cell.

Each line is one command as a process of its own, beside an empty study, which shows what each start costs;
the last draws an output of 1,500 cells.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

from growth import cost

HEAD = """
format = 1

[study]
title = "Fifty countries and thirty years"
headline = "{headline}"

[indices.country]
members = [{countries}]

[indices.year]
from = 1991
to = 2020
unit = "year"

[inputs.use]
unit = "TJ/year"
index = ["country", "year"]
point = 100
distribution = "90 to 110"

[inputs.factor]
unit = "t/TJ"
index = ["country", "year"]
point = 50
distribution = "45 to 55"

[inputs.share]
unit = "1"
index = ["country"]
point = 0.5
distribution = "0.4 to 0.6"

[equations]
gross = "use * factor"
emission = "gross * (1 - share)"

[outputs.{output}]
value = "{value}"
unit = "Mt/year"
"""

EMPTY = """
format = 1

[study]
title = "Nothing"
headline = "x"

[inputs.x]
unit = "1"
point = 1
distribution = "uniform(0, 1)"

[outputs.x]
unit = "1"
"""


class Line(NamedTuple):
    """One command on one study, and what it may take in seconds of the processor and in MiB."""

    what: str
    study: str
    words: tuple[str, ...]
    seconds: float
    memory: float = 1024


LINES = (
    Line("an empty study", "empty", ("run", "--samples", "16384"), 5),
    Line("total by year, 16,384 draws", "total", ("run", "--samples", "16384"), 5),
    Line("total by year, 131,072 draws", "total", ("run", "--samples", "131072"), 15),
    Line("total by year, Sobol' indices by input", "total", ("sensitivity", "--only", "total[2020]"), 10),
    Line("every total, Sobol' indices by name", "total", ("sensitivity", "--by", "name", "--json"), 10),
    Line("1,500 cells, 131,072 draws", "cells", ("run", "--samples", "131072"), 15),
)


def studies(folder: Path) -> dict[str, Path]:
    """Write the studies and return where they are."""
    countries = ", ".join(f'"c{number}"' for number in range(50))
    texts = {
        "empty": EMPTY,
        "total": HEAD.format(
            countries=countries, headline="total[2020]", output="total", value="sum(emission, country)"
        ),
        "cells": HEAD.format(
            countries=countries, headline="emission[c0,2020]", output="emission", value="emission"
        ),
    }
    found = {name: folder / f"{name}.toml" for name in texts}
    for name, path in found.items():
        path.write_text(texts[name].replace('value = "emission"\n', ""), encoding="utf-8")
    return found


def main() -> None:
    """Print a row for each line, with what it may take."""
    print(f"{'':40} {'wall s':>8} {'CPU s':>8} {'at most':>8} {'MiB':>6} {'at most':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = studies(folder)
        for line in LINES:
            command, *words = line.words
            now = cost(command, found[line.study], folder, words)
            print(
                f"{line.what:40} {now.wall:>8.2f} {now.processor:>8.2f} {line.seconds:>8g} "
                f"{now.memory:>6.0f} {line.memory:>8g}",
                flush=True,
            )


if __name__ == "__main__":
    main()
