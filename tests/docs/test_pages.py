"""The pages of the documentation say what the commands and snippets in them print."""

import pytest
from run_pages import HERE, PageError, pages, run_page


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.relative_to(HERE).as_posix())
def test_a_page_shows_what_its_commands_and_snippets_print(path):
    assert run_page(path) == path.read_text(encoding="utf-8"), "`make pages` writes what they print now"


@pytest.mark.parametrize(
    "block",
    [
        "```console\n$ uncertainty run nothing\n```",
        "```console\n$ rm -r everything\n```",
        "```console\n$ uncertainty studies | sort\n```",
    ],
)
def test_a_page_with_a_command_that_fails_is_refused(block, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(block, encoding="utf-8")
    with pytest.raises(PageError, match=r"^\$ (uncertainty|rm) "):
        run_page(page)


def test_what_is_not_printed_is_written_anew(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-block} text\n:caption: a.txt\n\nfrom a file\n```\n"
        "```console\n$ cat a.txt\nold\n```\n"
        "```python\nx = 2\n```\n"
        "```python\n>>> x + 1\n4\n>>> def twice(y):\n...     return 2 * y\n>>> twice(x)\n```\n",
        encoding="utf-8",
    )
    text = run_page(page)
    assert "$ cat a.txt\nfrom a file\n```" in text
    assert ">>> x + 1\n3\n" in text
    assert ">>> twice(x)\n4\n```" in text
