"""What LibreOffice makes of our files is what they say."""

import shutil
import subprocess

import numpy as np
import pytest
from study_contents import contents

import uncertainty as un
from uncertainty.study.conversion import write_study as convert
from uncertainty.tables import Table, read_table

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def through(tmp_path_factory):
    """Return a function that has LibreOffice open a file and save it in another form."""
    profile = tmp_path_factory.mktemp("profile")

    def convert_to(path, form):
        out = path.parent / "out"
        subprocess.run(
            [
                SOFFICE,
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                # what its dialogue offers for a file that begins as ours do: commas, quotes, UTF-8
                *(["--infilter=Text - txt - csv (StarCalc):44,34,76"] if path.suffix == ".csv" else []),
                "--convert-to",
                form,
                "--outdir",
                out,
                path,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return out / path.with_suffix(f".{form.split(':')[0]}").name

    return convert_to


@pytest.mark.slow
def test_a_study_s_workbook_is_the_same_study_after_it(tmp_path, through, write_study):
    path = write_study()
    convert(path, tmp_path / "book.xlsx")
    found = un.load_study(through(tmp_path / "book.xlsx", "xlsx"))
    assert contents(found) == contents(un.load_study(path))


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_numbers_and_texts_that_look_like_formulas_are_the_same_after_it(tmp_path, through, ending):
    words = ("=1+1", "+44", "-5", "@SUM(A1)", 'a,b;"c"', "÷ 数 🙂", "007")
    numbers = np.array([0.1 + 0.2, 1e-100, -0.25, 1.5e100, np.pi, 1 / 3, 123456789.12345679])
    table = Table("hard", {"words": words, "numbers": numbers}, {"numbers": "kg"}, {"seed": 1})
    table.save(tmp_path / f"hard.{ending}")
    form = ending if ending == "xlsx" else "xlsx"
    if ending == "csv":
        found = through(tmp_path / "hard.csv", form)
        import openpyxl

        rows = list(openpyxl.load_workbook(found).active.values)[1:]
        # LibreOffice shows the apostrophe that keeps a text from being a formula, and calculates nothing
        assert [str(row[0]).lstrip("'") for row in rows] == [*words[:-1], "7"]
        assert [float(row[1]) for row in rows] == pytest.approx(numbers, rel=1e-14)
        return
    found = read_table(through(tmp_path / "hard.xlsx", form))
    assert found.columns["words"] == words
    np.testing.assert_allclose(found.columns["numbers"], numbers, rtol=1e-14)  # it keeps 15 digits
    assert dict(found.units) == {"numbers": "kg"}
