"""Where the links of a report's pages lead."""

import re
from html import unescape

from uncertainty.pages.sections.reuse import BESIDE


def page_links(files):
    """Return every address of a report's two pages, but those of the report's own files.

    Parameters
    ----------
    files
        Has the paths `page` and `appendix`.
    """
    # what stands below the title stands there on both pages
    text = files.page.read_text(encoding="utf-8")
    text += files.appendix.read_text(encoding="utf-8").partition("<main")[2]
    found = re.findall(r'<a [^>]*href="([^"]*)"', text)
    own = ("#", files.page.name, files.appendix.name, *BESIDE)
    return [unescape(link) for link in found if not link.startswith(own)]
