"""How the documentation is built: Sphinx, with pages in Markdown (MyST); nothing is fetched while it is."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "extensions")]

from uncertainty import __version__  # noqa: E402 - beside the path of our own extensions

project = "Uncertainty"
author = "The Uncertainty developers"
project_copyright = author
release = version = __version__

extensions = [
    "commands",
    "drawing",
    "families",
    "mathml",
    "methods",
    "myst_parser",
    "results",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "study_keys",
]
exclude_patterns = ["_build", "extensions"]
nitpicky = False  # types of numpydoc are prose, such as "shape (samples,)"

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signature has them
napoleon_google_docstring = False
napoleon_use_rtype = False

copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_theme = "furo"
html_title = "Uncertainty"
html_static_path = ["static"]
html_css_files = ["uncertainty.css"]
html_math_renderer = "mathml"
html_show_sphinx = False
html_copy_source = False
