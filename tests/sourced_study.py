"""A small study whose texts cite sources in every place that has one, and texts that mean harm."""

SOURCED = """
format = 1

[study]
title = "Printing a page"
headline = "page"
source = "@smith2020, Table 2; arXiv:2303.06219"
note = "As @smith_other says, and https://example.org/notes."
authors = ["Doe, J.", "Office of Paper"]
date = 2026-11-28
licence = "CC-BY-4.0"
url = "https://example.org/study"
version = "2"
language = "pt-BR"
question = "Does a page weigh more than a letter?"
compare = ["page", "letter"]

[inputs.sheet]
label = "A sheet"
unit = "g"
point = 5
distribution = "normal(5, 1)"
basis = "measured"
source = "@smith2020, Figure 1; @organisation"
note = "Weighed by @organisation."
evidence = [
  { value = 5, source = "@smith_other", year = 2019, note = "see doi:10.1000/182." },
  { low = 4, high = 6, source = "https://example.org/weights_(all)" },
]

[inputs.ink]
unit = "g"
point = 0.2
distribution = "uniform(0.1, 0.3)"
basis = "assumption"
source = "@smith_other"

[inputs.dust]
unit = "g"
point = 0.1
distribution = "uniform(0, 0.2)"
basis = "assumption"

[equations]
whole = { value = "sheet + ink + dust", note = "After @smith2020." }

[outputs.page]
unit = "g"
value = "whole"
published = 6
source = "@smith2020, p. 3"
note = "@smith2020 rounds up."

[outputs.letter]
unit = "g"
value = "2 * sheet"

[[correlations]]
inputs = ["sheet", "ink"]
spearman = 0.2
source = "@organisation"
note = "Not what @smith2020 says."

[choices.drying]
note = "@smith2020 does not say."
[choices.drying.options.dry]
source = "@smith2020"
[choices.drying.options.wet]
source = "@through, and doi:10.1000/wet"
note = "Told by @smith_other."
equations = { whole = "sheet + ink * 2 + dust" }

[readings.wet_page]
label = "A wet page"
source = "@through"
note = "@organisation agrees."
choices = { drying = "wet" }

[sources.smith2020]
title = "The weight of a page"
authors = ["Smith, A.", "Roe, B.", "Poe, C."]
year = 2020
doi = "10.1000/182"
seen = "full text"
accessed = 2026-11-27

[sources.smith_other]
title = "More weights"
authors = ["Smith, A.", "Low, D.", "High, E."]
year = 2020
arxiv = "2303.06219v2"
seen = "abstract"

[sources.organisation]
title = "Paper statistics"
authors = ["Office of Paper"]
url = "https://example.org/statistics?page=1"
seen = "excerpt"

[sources.through]
title = "Ink that nobody keeps"
year = 1921
seen = "through another"
through = "smith2020"

[sources.unsaid]
title = "A book"
"""

ADDRESSES = {
    "https://doi.org/10.1000/182",
    "https://doi.org/10.1000/wet",
    "https://arxiv.org/abs/2303.06219",
    "https://arxiv.org/abs/2303.06219v2",
    "https://example.org/statistics?page=1",
    "https://example.org/weights_(all)",
    "https://example.org/notes",
    "https://example.org/study",
}
"""Where its links lead."""

HOSTILE = (
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://example.org/plain",
    "HTTP://example.org",
    "ftp://example.org/file",
    "file:///etc/passwd",
    "vbscript:msgbox(1)",
    "//example.org/no-scheme",
    "https://trusted.org@evil.org/",
    "https://trusted.org:password@evil.org/",
    "https://localhost/",
    "https://",
    "https:// example.org",
    "https:/example.org",
    "https://exa\u202emple",
    "hxxps://example.org",
    "https://\u05d0\u05d1.\u05d2",
    "[text](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "\\url{javascript:alert(1)}",
    '#link("javascript:alert(1)")[x]',
    "java\nscript:alert(1)",
    "\u202ejavascript:alert(1)",
    "10.1000",
    "10.1000/",
    "someone@example.org",
)
"""Texts in which nothing may become a link."""
