"""The command: its exit statuses, its errors, its JSON, and that the documents know all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click import Command, Group
from typer.main import get_command
from typer.testing import CliRunner, Result

from dargah.cli import app
from dargah.store import Store

ROOT = Path(__file__).parents[2]

GOOD = """\
schema: 1
id: nowhere
province: {fa: ناکجا, en: Nowhere}
contact: audits@nowhere.ir
kinds: {company: {fa: شرکت, en: Company}}
agencies:
  - {id: water, names: {fa: آب, en: Water}, kind: company, start: "https://water.ir/"}
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.fixture
def agencies(tmp_path: Path) -> Path:
    file = tmp_path / "agencies.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def every_command() -> list[tuple[str, Command]]:
    def walk(name: str, command: Command) -> list[tuple[str, Command]]:
        if isinstance(command, Group):
            return [
                found
                for child, inner in command.commands.items()
                for found in walk(f"{name} {child}".strip(), inner)
            ]
        return [(name, command)]

    return walk("", get_command(app))


@pytest.mark.parametrize(("name", "command"), every_command(), ids=lambda v: v if isinstance(v, str) else "")
def test_every_command_and_option_says_what_it_does(name: str, command: Command) -> None:
    assert command.help, name
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


def test_every_command_that_prints_json_has_its_shape_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    headings = " ".join(line for line in text.splitlines() if line.startswith("## "))
    for name, command in every_command():
        if any("--json" in p.opts for p in command.params):
            assert name.split()[-1] in headings, f"docs/commands.md does not describe {name} --json"


def test_a_good_file_passes_the_check(agencies: Path) -> None:
    done = run("check", agencies, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"file": str(agencies), "agencies": 1, "reach": {}}


@pytest.mark.parametrize("command", [["check"], ["audit"]])
def test_a_broken_file_gets_one_error_and_nothing_is_written(
    agencies: Path, tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DARGAH_HOME", str(tmp_path / "runs"))
    agencies.write_text(GOOD.replace("kind: company", "kind: ministry"), encoding="utf-8")
    done = run(*command, agencies)
    assert done.exit_code == 2
    assert "agencies.yaml:7: agencies[0].kind" in done.stderr
    assert "Traceback" not in done.stderr
    assert Store.at(tmp_path / "runs").runs() == []


def test_nobody_is_visited_without_a_contact(agencies: Path, tmp_path: Path) -> None:
    agencies.write_text(GOOD.replace("audits@nowhere.ir", '""'), encoding="utf-8")
    done = run("audit", agencies, "--home", tmp_path / "runs")
    assert done.exit_code == 2 and "contact" in done.stderr


@pytest.mark.parametrize("command", ["detect", "score", "report", "measure", "crawl"])
def test_a_run_that_does_not_exist_is_named(command: str, tmp_path: Path) -> None:
    done = run(command, "nowhere-1", "--home", tmp_path / "runs")
    assert done.exit_code == 2 and "nowhere-1" in done.stderr
    none = run(command, "--home", tmp_path / "runs")
    assert none.exit_code == 2 and "no run yet" in none.stderr


def test_runs_of_an_empty_home(tmp_path: Path) -> None:
    done = run("runs", "--home", tmp_path / "runs", "--json")
    assert json.loads(done.stdout) == {"home": str(tmp_path / "runs"), "runs": []}


def test_model_and_study_speak_json() -> None:
    assert len(json.loads(run("model", "--json").stdout)["indicators"]) == 91
    assert json.loads(run("study", "--json").stdout)


def test_a_missing_model_is_named() -> None:
    done = run("model", "no_such_model")
    assert done.exit_code == 2 and "no_such_model" in done.stderr


def test_a_questionnaire_goes_out_and_comes_back(agencies: Path, tmp_path: Path) -> None:
    sheet, filled = tmp_path / "q.xlsx", tmp_path / "filled.csv"
    assert run("questionnaire", "template", "-o", sheet, "--agencies", agencies).exit_code == 0
    assert sheet.stat().st_size > 5_000
    filled.write_text("agency,question,answer\nwater,70,بله\n", encoding="utf-8")
    home = tmp_path / "runs"
    done = run("questionnaire", "import", filled, "--agencies", agencies, "--home", home, "--json")
    assert json.loads(done.stdout) == {"imported": 1, "agencies": {"water": 1}}
    assert [a.option for a in Store.at(home).answers("nowhere")] == ["yes"]


def test_a_bad_questionnaire_changes_nothing(agencies: Path, tmp_path: Path) -> None:
    filled, home = tmp_path / "filled.csv", tmp_path / "runs"
    filled.write_text("agency,question,answer\nwater,70,بله\nwater,71,شاید\n", encoding="utf-8")
    done = run("questionnaire", "import", filled, "--agencies", agencies, "--home", home)
    assert done.exit_code == 2
    assert "Nothing was imported" in done.stderr and "cell C3" in done.stderr
    assert Store.at(home).answers("nowhere") == []


def test_a_run_without_findings_cannot_be_verified(tmp_path: Path) -> None:
    done = run("verify", "nowhere-1", "--home", tmp_path / "runs")
    assert done.exit_code == 2 and "nowhere-1" in done.stderr
