"""`dargah measure` on a run whose measuring is done."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback import closed_port
from typer.testing import CliRunner

from audits.measure import FILE, load_measurements
from dargah.agencies import load_agencies
from dargah.cli import app
from dargah.pipeline import start_run
from dargah.runs import RunFolder
from dargah.store import Store
from tests.audits.measuring import visited

pytestmark = pytest.mark.timeout(120)


def run(*arguments: str | Path) -> dict[str, object]:
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    assert done.exit_code == 1, done.output  # the portal is down
    said = json.loads(done.stdout)
    assert said["failed"] == []
    return dict(said)


def test_what_is_missing_is_measured_although_the_step_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DARGAH_CHROMIUM", "/bin/false")  # a portal that is down costs no browser
    file, home = tmp_path / "agencies.yaml", tmp_path / "runs"
    file.write_text(
        f"""\
schema: 1
id: nowhere
province: {{fa: ناکجا, en: Nowhere}}
kinds: {{company: {{fa: شرکت, en: Company}}}}
agencies:
  - {{id: water, names: {{fa: آب, en: Water}}, kind: company, start: "http://127.0.0.1:{closed_port()}/",
     allow_private: true}}
""",
        encoding="utf-8",
    )
    agencies, store = load_agencies(file), Store.at(home)
    run_id = start_run(store, home, file, agencies, "un_five_stage")
    store.set_step(run_id, "water", "crawl", "done", at=datetime.now(UTC))
    place = RunFolder(home / run_id).portal("water")
    visited(place.capture, agencies.agency("water"), outcome="unreachable", reason="connection refused")
    folder = place.measurements
    run("measure", "--home", home, "--json")
    first = load_measurements(folder)
    assert first is not None and first.pages and all(m.value is None for m in first.measurements)
    older = first.model_dump(mode="json", exclude={"pages"})
    older["measurements"] = [m for m in older["measurements"] if m["device"] != "phone"]
    (folder / FILE).write_text(json.dumps(older), encoding="utf-8")

    said = run("measure", "--home", home, "--json")
    second = load_measurements(folder)
    assert second is not None and second.pages == first.pages
    assert {(m.device, m.name) for m in second.measurements} == {
        (m.device, m.name) for m in first.measurements
    }
    states = {step["step"]: step["state"] for step in said["steps"]}  # type: ignore[attr-defined]
    assert (states["measure"], states["detect"]) == ("done", "pending")
