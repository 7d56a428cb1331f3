"""`uncertainty report` writes one folder and says where."""

import json

QUICK = ("--samples", "1024")


def test_the_report_lands_in_a_folder_of_the_study_s_name(command, write_study, tmp_path):
    found = command("report", write_study(), *QUICK)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Wrote reports/study/index.html")
    assert {"index.html", "report.md", "results.json"} <= {
        path.name for path in (tmp_path / "reports" / "study").iterdir()
    }


def test_another_folder_may_be_asked_for_and_json_goes_to_stdout_too(command, write_study, tmp_path):
    found = command("report", write_study(), *QUICK, "--to", "elsewhere", "--json")
    assert json.loads(found.out) == json.loads((tmp_path / "elsewhere" / "results.json").read_text("utf-8"))
    assert json.loads(found.out)["command"] == "report"


def test_a_folder_that_cannot_be_written_is_one_line(command, write_study, tmp_path):
    (tmp_path / "taken").write_text("")
    found = command("report", write_study(), *QUICK, "--to", "taken/report")
    assert found.code == 2
    assert found.err == "error: --to: taken: is a file; expected a folder\n"
    assert found.err.count("\n") == 1
