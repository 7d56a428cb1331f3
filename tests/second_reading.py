"""Random studies, and a slow second reading of their draws: what the first sentences must say of them.

Written from the rules in `docs/verdicts.md` alone: plain loops over the draws, nothing of the package but
`propagate`.
"""

import math
import random
import re

import numpy as np

import uncertainty as un

SAMPLES = 1024

WORDS = {
    "virtually certain": (0.99, 1),
    "extremely likely": (0.95, 0.99),
    "very likely": (0.9, 0.95),
    "likely": (2 / 3, 0.9),
    "about as likely as not": (1 / 3, 2 / 3),
    "unlikely": (0.1, 1 / 3),
    "very unlikely": (0.05, 0.1),
    "extremely unlikely": (0.01, 0.05),
    "exceptionally unlikely": (0, 0.01),
}

FACTS = re.compile(r"(?P<word>[a-z][a-z ]*?) \((?P<shares>[^()]*? %[^()]*?)\)")


def study_text(seed: int) -> str:
    """Write a study of a ratio of two things, their difference, and a few readings."""
    draw = random.Random(seed)
    ratio = draw.random() < 0.7
    kind = draw.choice(["uncertainty", "variability"])
    one = f"lognormal({draw.uniform(0.5, 40):.3g}, {draw.uniform(1.05, 3):.3g})"
    other = f"lognormal({draw.uniform(0.5, 40):.3g}, {draw.uniform(1.05, 3):.3g})"
    claim = draw.choice(["at least", "at most", "about"])
    lines = [
        'format = 1\n[study]\ntitle = "Random"\nheadline = "y"',
        f'[inputs.a]\nunit = "1"\npoint = 4\ndistribution = "{one}"\nkind = "{kind}"',
        f'[inputs.b]\nunit = "1"\npoint = 2\ndistribution = "{other}"',
        '[inputs.unused]\nunit = "1"\npoint = 2\ndistribution = "1 to 3"',
        f'[outputs.y]\nlabel = "A {"÷" if ratio else "−"} B, per piece"\nunit = "1"',
        f'value = "{"a / b" if ratio else "a - b"}"\nclaim = "{claim}"',
        f'scale = "{"log10" if ratio and draw.random() < 0.7 else "linear"}"',
    ]
    if draw.random() < 0.8:
        lines.append(f"published = {draw.uniform(0.2, 20):.2g}")
    if draw.random() < 0.7:
        lines.append(f"reference = {1 if ratio else 0}")
    if draw.random() < 0.6:
        lines.append('[outputs.saved]\nlabel = "Saved"\nvalue = "a - b"\nunit = "1"\nreference = 0')
        lines.append(f'claim = "{draw.choice(["at least", "at most"])}"')
    for number in range(draw.randrange(4)):
        value = f'"lognormal({draw.uniform(0.5, 40):.3g}, {draw.uniform(1.05, 3):.3g})"'
        name = draw.choice(["a", "b", "a", "b", "unused"])
        value = value if draw.random() < 0.85 else f"{draw.uniform(1, 9):.2g}"
        lines.append(f'[readings.r{number}]\nlabel = "R{number}"\ninputs = {{ {name} = {value} }}')
        if number == 1:
            lines.append("preferred = true")
    return "\n".join(lines) + "\n"


def last_place(text):
    """Return what one of the last digit that is no trailing zero of a whole number is worth."""
    digits = text.lstrip("-").replace(",", "")
    if "." in digits:
        return 10.0 ** -len(digits.partition(".")[2])
    return 10.0 ** (len(digits) - len(digits.rstrip("0")))


class SecondReading:
    """What is so of a study, by its draws."""

    def __init__(self, study: un.Study) -> None:
        self.study = study
        self.output = study.outputs[study.headline]
        changed = [n for n, r in study.readings.items() if n == "as_published" or "unused" not in r.inputs]
        self.titles = {study.readings[name].title: name for name in changed}
        self.draws, self.differences = {}, {}
        for name in changed:
            self.draws[name] = un.propagate(study, outputs="y", reading=name, samples=SAMPLES).headline.values
        if "saved" in study.outputs:
            for name in study.readings:
                run = un.propagate(study, outputs="saved", reading=name, samples=SAMPLES)
                self.differences[study.readings[name].title] = run.outputs["saved"].values

    @property
    def limit(self) -> float | None:
        if self.output.reference is not None:
            return self.output.reference
        return None if self.output.published is None else self.output.published.value

    @property
    def above(self) -> bool:
        """Of a claim "about" something the side is the published figure's, or else that of the point, 2."""
        if self.output.claim != "about":
            return self.output.claim == "at least"
        if self.output.reference is None:
            return True
        figure = 2.0 if self.output.published is None else self.output.published.value
        return figure >= self.output.reference

    def share(self, draws: np.ndarray, limit: float | None = None) -> float:
        limit = self.limit if limit is None else limit
        counted = 0
        for value in draws.tolist():
            counted += value >= limit if self.above else value <= limit
        return counted / len(draws)

    def shares(self) -> dict[str, float]:
        return {title: self.share(self.draws[name]) for title, name in self.titles.items()}

    def support(self, name: str) -> float:
        """The share for the claim; both sides of a figure count where nothing else turns a claim round."""
        draws = self.draws[name]
        if self.output.claim == "about" and self.output.reference is None:
            return min(np.mean(draws >= self.limit), np.mean(draws <= self.limit))
        return self.share(draws)

    def unknown(self, share: float) -> float:
        """How far a share may be off: three standard errors, and a few draws."""
        return 3 * math.sqrt(share * (1 - share) / SAMPLES) + 4 / SAMPLES

    def saved(self) -> dict[str, float]:
        at_least = self.study.outputs["saved"].claim == "at least"
        return {
            title: float(np.mean(draws >= 0 if at_least else draws <= 0))
            for title, draws in self.differences.items()
        }
