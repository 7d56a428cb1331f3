"""The results of a report as macros of LaTeX, so that a manuscript takes its numbers from the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uncertainty import numbers
from uncertainty.late import regex
from uncertainty.sampling.estimate import Estimate
from uncertainty.study.bibliography import tex
from uncertainty.study.citation import heading, permanent
from uncertainty.wording import named_figure

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

    from uncertainty.output_distribution import OutputDistribution
    from uncertainty.pages.content import ReportContent

MACROS = "results.tex"

_NUMBER = regex(r"(?<![\w.])(-?)(\d[\d,]*(?:\.\d+)?)(?:e([+-]?\d+))?(?![\w])")

_HEAD = r"""% The results of a study as macros. In a manuscript: \input{results.tex}, then for example
%   \result{%(example)s}
% A result is named READING/OUTPUT/WHAT by the names in the study's file; WHAT is one of
%   median, low, high, interval, mean, sd, unit, published, at-least-published.
\newcommand{\result}[1]{\ifcsname uncertainty/#1\endcsname\csname uncertainty/#1\endcsname\else
  \errmessage{The study has no result "#1"}\fi}
\newcommand{\setresult}[2]{\expandafter\gdef\csname uncertainty/#1\endcsname{#2}}
"""


def macros(content: ReportContent) -> str:
    """Return every figure's results under every reading, rounded as in the report, as LaTeX reads them."""
    study = content.study
    lines = [
        _HEAD.replace("%(example)s", f"as_published/{study.headline}/median"),
        _set("title", tex(heading(study))),
        _set("hash", tex(permanent(study))),
        _set("level", number_tex(numbers.level(content.settings.level))),
    ]
    for reading, run in content.run_all().items():
        for name, found in run.outputs.items():
            lines += [_set(f"{reading}/{name}/{what}", text) for what, text in _results(found)]
    return "".join(lines)


def _set(name: str, text: str) -> str:
    # names of cells have brackets and commas, which a macro's argument may hold
    return f"\\setresult{{{name}}}{{{text}}}\n"


def _results(found: OutputDistribution) -> Iterator[tuple[str, str]]:
    """Yield what is known of an output, in the words of the report; what is not known has no macro."""
    median, interval = found.written
    low, between, high = interval.partition(" to ")
    mean, sd = found.moments_written
    output = found.output
    texts: Mapping[str, str] = {
        "median": median,
        "low": low if between else "",
        "high": high,
        "interval": interval,
        "mean": mean,
        "sd": sd,
        "published": "" if output.published is None else named_figure(output.published),
    }
    yield from ((what, number_tex(text)) for what, text in texts.items() if text not in ("", numbers.MISSING))
    if output.unit.text != "1":
        yield "unit", tex(output.unit.text)
    share = found.statistics["probability_at_least_published"]
    # of a yes or no the median says how often
    if isinstance(share, Estimate) and found.probability is None:
        yield "at-least-published", number_tex(numbers.probability(share))


def number_tex(text: str) -> str:
    """Write the numbers of a text as LaTeX sets them: minus signs, powers of ten, and groups of digits."""
    return _NUMBER.sub(_number, tex(text)).replace("±", r"\ensuremath{\pm}")


def _number(found: re.Match[str]) -> str:
    sign, digits, power = found.groups()
    if not sign and power is None:
        return found[0]
    times = "" if power is None else rf"\times10^{{{int(power)}}}"
    return rf"\ensuremath{{{sign}{digits.replace(',', '{,}')}{times}}}"
