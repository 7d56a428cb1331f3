"""The result under every combination of choices, sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from uncertainty import numbers
from uncertainty.challenges.decisions import specification_curve
from uncertainty.characters import isolated
from uncertainty.errors import SettingError
from uncertainty.late import dataclass
from uncertainty.numbers import count
from uncertainty.pages.figures import Plot
from uncertainty.pages.figures.axis import Scale, tick_text
from uncertainty.pages.figures.lettering import lines, one_line, width
from uncertainty.pages.figures.style import (
    GRID,
    INK,
    MARKS,
    MUTED,
    PUBLISHED,
    ROLES,
    SMALL,
    TEXT,
    WIDTH,
    canvas,
    styled,
)
from uncertainty.pages.wording import medians_of
from uncertainty.wording import after_unit, point_text, published_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from uncertainty.challenges.analysis import OutputChallenge
    from uncertainty.challenges.multiverse import Multiverse, Universe
    from uncertainty.pages.content import ReportContent
    from uncertainty.study.model import Output

CURVE = 250.0
"""Height of the curve, in points."""

NEAR = 0.06
"""Share of its height within which one name would stand on the other."""

GAP = 5.0
"""Room between a name and what stands beside it, in points."""

QUESTION = 30.0
LINE = 15.0
DOTS = 17.0
SIDE = 8.0
LEGEND = 18.0

ACROSS = WIDTH - 2 * SIDE
"""Room for texts, in points."""

MOST_LINES = 4
"""Lines that a question or an answer has at most."""


@dataclass(frozen=True, slots=True)
class Specification:
    """One combination of choices.

    Parameters
    ----------
    answers
        By question, the number of the answer.
    role
        Number of the leading reading that it is, if it is one.
    """

    low: float
    median: float
    high: float
    answers: tuple[int, ...]
    role: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A choice and its answers, the publication's own first."""

    text: str
    answers: tuple[str, ...]


@styled
def draw_specifications(
    specifications: tuple[Specification, ...],
    questions: tuple[Question, ...],
    *,
    label: str,
    marked: tuple[tuple[float, str], ...],
    roles: tuple[str, ...],
    logarithmic: bool,
) -> Figure:
    """Draw specifications, which are in increasing order of their medians.

    Parameters
    ----------
    label
        Name of the result, with its unit.
    marked
        Values that a horizontal line marks, with what they are.
    roles
        Names of the leading readings.
    """
    legend = LEGEND * sum(any(s.role == n for s in specifications) for n in range(len(roles)))
    told = tuple(_told(question) for question in questions)
    below = sum(_high(each) for each in told)
    height = 24 + legend + CURVE + below + 10
    figure = canvas(height)
    curve = _axes(figure, below + 10, CURVE, height)
    _draw_curve(curve, specifications, marked, logarithmic=logarithmic)
    _draw_legend(curve, specifications, roles, label)
    matrix = _axes(figure, 10, below, height)
    _draw_matrix(matrix, specifications, told, below)
    return figure


def _axes(figure: Figure, bottom: float, height: float, whole: float) -> Axes:
    axes = figure.add_axes(
        (SIDE / WIDTH, bottom / whole, 1 - 2 * SIDE / WIDTH, height / whole), facecolor="none"
    )
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    return axes


def _draw_curve(
    axes: Axes,
    specifications: tuple[Specification, ...],
    marked: tuple[tuple[float, str], ...],
    *,
    logarithmic: bool,
) -> None:
    values = [v for s in specifications for v in (s.low, s.high)] + [value for value, _ in marked]
    scale = Scale.over(values, logarithmic=logarithmic)
    if scale.logarithmic:
        axes.set_yscale("log")
    axes.set_ylim(scale.low, scale.high)
    axes.set_xlim(-0.5, len(specifications) - 0.5)
    axes.set_yticks([], minor=False)
    axes.minorticks_off()
    axes.tick_params(left=False, labelleft=False)
    across = axes.get_yaxis_transform()
    ticks = [(tick_text(tick), scale.share(tick)) for tick in scale.ticks()]
    for (text, _), tick in zip(ticks, scale.ticks(), strict=True):
        axes.axhline(tick, color=GRID, linewidth=0.8, zorder=0)
        axes.text(0, tick, text, transform=across, color=MUTED, fontsize=SMALL, va="bottom")
    drawn = [_beside_axis(text, share) for text, share in ticks] + _bars(specifications, scale)
    for value, text in marked:
        axes.axhline(value, color=PUBLISHED, linewidth=1.4, dashes=(4, 3), zorder=1)
        above = [scale.share(other) - scale.share(value) for other, _ in marked if other > value]
        upright: Literal["top", "bottom"] = "top" if any(apart < NEAR for apart in above) else "bottom"
        base = scale.share(value) - (NEAR if upright == "top" else 0.0)
        axes.text(_free_place(text, base, drawn), value, text, transform=across, va=upright, fontsize=SMALL)
    thick = _thickness(specifications)
    for place, found in enumerate(specifications):
        leading = found.role is not None
        colour = ROLES[(found.role or 0) % len(ROLES)] if leading else MUTED
        axes.plot([place, place], [found.low, found.high], color=colour, linewidth=thick, zorder=2)
        mark = MARKS[(found.role or 0) % len(MARKS)] if leading else "o"
        size = 9.0 if leading else max(2.6, thick)
        axes.plot([place], [found.median], mark, color=colour if leading else INK, markersize=size, zorder=3)


def _thickness(specifications: tuple[Specification, ...]) -> float:
    return max(1.6, min(5.0, 220 / len(specifications)))


class _Box(NamedTuple):
    """What a thing covers, in shares of the curve's width and height."""

    left: float
    right: float
    low: float
    high: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


def _beside_axis(text: str, base: float) -> _Box:
    return _Box(0.0, width(text, SMALL) / ACROSS, base, base + NEAR)


def _bars(specifications: tuple[Specification, ...], scale: Scale) -> list[_Box]:
    count, half = len(specifications), _thickness(specifications) / ACROSS
    middles = [(place + 0.5) / count for place in range(count)]
    return [
        _Box(middle - half, middle + half, scale.share(found.low), scale.share(found.high))
        for middle, found in zip(middles, specifications, strict=True)
    ]


def _free_place(text: str, base: float, drawn: list[_Box]) -> float:
    """Return where a text begins so that it stands on nothing; at the right where it always would."""
    long, gap = width(text, SMALL) / ACROSS, GAP / ACROSS
    last = max(0.0, 1.0 - long)
    starts = sorted({0.0, last, *(box.right + gap for box in drawn if box.right + gap <= last)})
    free = (
        start
        for start in starts
        if not any(
            _Box(start - gap / 2, start + long + gap / 2, base, base + NEAR).meets(box) for box in drawn
        )
    )
    return next(free, last)


def _draw_legend(
    axes: Axes, specifications: tuple[Specification, ...], roles: tuple[str, ...], label: str
) -> None:
    """Name the result and the leading readings above the curve."""
    shown = [n for n in range(len(roles)) if any(s.role == n for s in specifications)]
    first = len(shown) * LEGEND
    _above(axes, isolated(one_line(label, TEXT, ACROSS, "bold")), first + 6, INK, bold=True)
    for line, role in enumerate(shown):
        colour, mark = ROLES[role % len(ROLES)], MARKS[role % len(MARKS)]
        sign = {"o": "●", "s": "■", "D": "◆", "^": "▲"}[mark]
        text = f"{sign} {isolated(one_line(roles[role], TEXT, ACROSS - 20))}"
        _above(axes, text, first - LEGEND * (line + 1) + 6, colour)


def _above(axes: Axes, text: str, points: float, colour: str, *, bold: bool = False) -> None:
    """Write a line above the curve, so many points up."""
    axes.annotate(
        text,
        (0, 1),
        (0, points),
        xycoords="axes fraction",
        textcoords="offset points",
        va="bottom",
        color=colour,
        weight="bold" if bold else "normal",
        fontsize=None if bold else SMALL,
    )


class _Told(NamedTuple):
    """A question and its answers, in lines."""

    question: list[str]
    answers: tuple[list[str], ...]


def _told(question: Question) -> _Told:
    answers = tuple(lines(answer, TEXT, ACROSS, MOST_LINES) for answer in question.answers)
    return _Told(lines(question.text, TEXT, ACROSS, MOST_LINES, "bold"), answers)


def _high(told: _Told) -> float:
    """Return how high a question with its answers is, in points."""
    return QUESTION - LINE + LINE * len(told.question) + sum(LINE * len(each) + DOTS for each in told.answers)


def _draw_matrix(
    axes: Axes, specifications: tuple[Specification, ...], questions: tuple[_Told, ...], height: float
) -> None:
    axes.set_ylim(height, 0)
    axes.set_xlim(-0.5, len(specifications) - 0.5)
    across = axes.get_yaxis_transform()
    size = max(2.6, min(6.5, 380 / len(specifications)))
    top = 0.0
    for number, question in enumerate(questions):
        top += QUESTION - LINE
        for line in question.question:
            axes.text(0, top + 6, isolated(line), transform=across, weight="bold")
            top += LINE
        for answer, written in enumerate(question.answers):
            for line in written:
                axes.text(0, top + 10, isolated(line), transform=across, color=MUTED, fontsize=SMALL)
                top += LINE
            y = top + 5.5
            given = [place for place, s in enumerate(specifications) if s.answers[number] == answer]
            axes.axhline(y, color=GRID, linewidth=0.8, zorder=0)
            plain = [place for place in given if specifications[place].role is None]
            axes.plot(plain, [y] * len(plain), "o", color=INK, markersize=size)
            for place in given:
                role = specifications[place].role
                if role is not None:
                    mark, colour = MARKS[role % len(MARKS)], ROLES[role % len(ROLES)]
                    axes.plot([place], [y], mark, color=colour, markersize=size + 1.5)
            top += DOTS


def plot(content: ReportContent, _subject: str) -> Plot:
    """Draw the headline under combinations of choices, the leading readings marked among them."""
    found = content.challenge.outputs[content.study.headline]
    multiverse = found.multiverse
    if isinstance(multiverse, str):
        raise SettingError(f"there is no specification curve: {multiverse}")
    study, output = content.study, found.output
    names = tuple(study.readings[reading].title for reading in found.verdict.leading)
    drawn, specifications = _specifications(content, found, multiverse)
    picture = draw_specifications(
        specifications,
        _questions(content, found),
        label=after_unit(output.title, output.unit.text),
        marked=_marked(output),
        roles=names,
        logarithmic=output.scale == "log10",
    )
    shown = len(drawn) if len(drawn) < len(multiverse.universes) else 0
    level = numbers.level(content.settings.level)
    caption = (
        f"Medians and {level} uncertainty intervals under {count(len(drawn), 'combination')}, sorted; "
        "below, the answers that make up each, the publication's own first."
    )
    if shown:
        caption += (
            f" Of {len(multiverse.universes):,} in all, these are every single change from the "
            "publication, and others evenly spaced by rank; the rest are in results.json."
        )
    title = f"{output.title} under combinations of modelling choices"
    low, high = medians_of((drawn[0], drawn[-1]))
    finding = f"{title}: " + (
        f"the median is {low} in each" if low == high else f"medians from {low} to {high}"
    )
    questions = _questions(content, found)
    rows = [
        {question.text: question.answers[each] for question, each in zip(questions, one.answers, strict=True)}
        | {"reading": "" if one.role is None else names[one.role]}
        | {"low": one.low, "median": one.median, "high": one.high}
        for one in specifications
    ]
    return Plot("specification-curve", picture, finding, caption, rows)


def _specifications(
    content: ReportContent, found: OutputChallenge, multiverse: Multiverse
) -> tuple[tuple[Universe, ...], tuple[Specification, ...]]:
    """Return the universes that are drawn, each with its answers in the order of the questions."""
    study, varied = content.study, multiverse.combinations.varied
    leading = {
        number: _options(content, reading, varied)
        for number, reading in enumerate(found.verdict.leading)
        if not study.readings[reading].inputs
    }
    drawn = tuple(specification_curve(multiverse, [*leading.values()]))
    options = {effect.choice: [*study.choices[effect.choice].options] for effect in found.choices}
    return drawn, tuple(
        Specification(
            universe.found.low.value,
            universe.median,
            universe.found.high.value,
            tuple(answers.index(universe.options[name]) for name, answers in options.items()),
            next((number for number, own in leading.items() if own == universe.options), None),
        )
        for universe in drawn
    )


def _questions(content: ReportContent, found: OutputChallenge) -> tuple[Question, ...]:
    """Return the choices with their answers, that which decides most first."""
    choices = [content.study.choices[effect.choice] for effect in found.choices]
    return tuple(
        Question(choice.question or choice.name, tuple(o.title for o in choice.options.values()))
        for choice in choices
    )


def _marked(output: Output) -> tuple[tuple[float, str], ...]:
    marked = []
    if output.published_value is not None:
        marked.append((output.published_value, f"published: {published_text(output)}"))
    if output.reference is not None:
        marked.append((output.reference, f"reference: {point_text(output.reference)}"))
    return tuple(marked)


def _options(content: ReportContent, reading: str, varied: tuple[str, ...]) -> dict[str, str]:
    """Return what a reading answers to the choices that vary."""
    own = content.study.readings[reading].choices
    return {name: own.get(name, content.study.choices[name].published) for name in varied}
