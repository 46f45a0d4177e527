"""agencies.yaml: what is accepted, and how mistakes are named."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from crawler.datafile import DataFileError
from crawler.portal import Measuring, Window
from dargah.agencies import json_schema, load_agencies

ROOT = Path(__file__).parents[2]

HEAD = """\
schema: 1
id: nowhere
province: {fa: ناکجا, en: Nowhere}
contact: audits@nowhere.ir
kinds:
  company: {fa: شرکت, en: Company}
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "agencies.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return file


def mistakes(file: Path) -> str:
    with pytest.raises(DataFileError) as caught:
        load_agencies(file)
    return str(caught.value)


def test_the_shipped_files_are_valid() -> None:
    assert len(load_agencies(ROOT / "agencies.yaml").agencies) == 19
    assert len(load_agencies(ROOT / "demo" / "agencies.yaml").agencies) == 6


def test_no_shipped_address_claims_to_be_verified() -> None:
    agencies = load_agencies(ROOT / "agencies.yaml").agencies
    assert not any(a.verified for a in agencies)
    assert all(a.address_source for a in agencies)


def test_the_committed_schema_is_the_current_one() -> None:
    committed = json.loads((ROOT / "docs" / "agencies.schema.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(json_schema()))


def test_entries_take_the_defaults_and_merge_the_budget(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """\
defaults:
  kind: company
  budget: {pages: 40, delay_seconds: 3}
agencies:
  - id: water
    names: {fa: آب, en: Water}
    start: https://water.ir/
    budget: {pages: 7}
""",
    )
    (agency,) = load_agencies(file).agencies
    assert (agency.budget.pages, agency.budget.delay_seconds) == (7, 3)
    assert not agency.allow_private and not agency.confined


def test_measuring_is_several_loads_unless_said_otherwise_and_merges(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """\
defaults:
  kind: company
  measuring: {key_page_runs: 1}
agencies:
  - {id: water, names: {fa: آب, en: Water}, start: "https://water.ir/", measuring: {key_pages: [news]}}
  - {id: gas, names: {fa: گاز, en: Gas}, start: "https://gas.ir/"}
""",
    )
    water, gas = (agency.measuring for agency in load_agencies(file).agencies)
    assert (water.runs, water.key_page_runs, water.key_pages) == (3, 1, ("news",))
    assert gas.key_pages == ("contact", "services", "search", "news", "login")
    assert (gas.runs, Measuring().key_page_runs, gas.lighthouse_pages) == (3, 3, 1)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[news]", "[news, news]"), encoding="utf-8")
    assert "agencies.yaml:11: agencies[0].measuring.key_pages" in (said := mistakes(file)), said
    file.write_text(text.replace("[news]", "[nwes]"), encoding="utf-8")
    assert "agencies[0].measuring.key_pages[0]" in (said := mistakes(file)) and "'news'" in said


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    said = mistakes(
        write(
            tmp_path,
            """\
agencies:
  - id: water
    names: {fa: آب, en: Water}
    kind: company
    strat: https://water.ir/
  - id: gas
    names: {fa: گاز, en: Gas}
    kind: company
    start: ftp://gas.ir/
    budget: {pagez: 3}
""",
        )
    )
    assert "agencies.yaml:11: agencies[0].strat" in said and "did you mean 'start'" in said
    assert "agencies.yaml:15: agencies[1].start" in said and "http://" in said
    assert "agencies.yaml:16: agencies[1].budget.pagez" in said


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("id: water\n    kind: company", "id"),
        ("id: other\n    kind: ministry", "kind"),
    ],
)
def test_doubled_ids_and_unknown_kinds_are_named(tmp_path: Path, entry: str, field: str) -> None:
    said = mistakes(
        write(
            tmp_path,
            f"""\
agencies:
  - id: water
    names: {{fa: آب, en: Water}}
    kind: company
    start: https://water.ir/
  - {entry}
    names: {{fa: آب, en: Water}}
    start: https://water.ir/
""",
        )
    )
    assert f"agencies[1].{field}" in said


def test_strangers_are_only_visited_with_a_contact(tmp_path: Path) -> None:
    entry = """\
agencies:
  - {id: water, names: {fa: آب, en: Water}, kind: company, start: "https://water.ir/"}
"""
    assert load_agencies(write(tmp_path, entry)).may_be_visited
    file = write(tmp_path, entry)
    file.write_text(file.read_text(encoding="utf-8").replace("audits@nowhere.ir", '""'), encoding="utf-8")
    assert not load_agencies(file).may_be_visited


class TestWindow:
    @staticmethod
    def _file(folder: Path, defaults: str, own: str = "") -> Path:
        return write(
            folder,
            f"""\
defaults:
  kind: company
  window: {defaults}
agencies:
  - id: water
    names: {{fa: آب, en: Water}}
    start: https://water.ir/
    {own and f"window: {own}"}
""",
        )

    def test_takes_the_files_time_zone_and_the_defaults(self, tmp_path: Path) -> None:
        file = self._file(tmp_path, '{from: "22:00", to: "06:00"}', '{to: "05:30"}')
        window = load_agencies(file).agency("water").window
        assert window is not None
        assert (window.opens, window.closes, window.timezone) == ("22:00", "05:30", "Asia/Tehran")

    @pytest.mark.parametrize(
        ("own", "field", "mend"),
        [
            ('{from: 2200, to: "06:00"}', "from", "in quotes"),
            ('{from: "25:00", to: "06:00"}', "from", '"22:00"'),
            ('{from: "06:00", to: "06:00"}', "to", "leave the window out"),
            ('{from: "22:00", to: "06:00", timezone: Tehran}', "timezone", "Asia/Tehran"),
            ('{from: "22:00", till: "06:00"}', "till", ""),
        ],
    )
    def test_mistakes_are_named_by_line_with_the_mend(
        self, own: str, field: str, mend: str, tmp_path: Path
    ) -> None:
        said = mistakes(self._file(tmp_path, "{}", own))
        assert f"agencies.yaml:14: agencies[0].window.{field}" in said and mend in said

    @pytest.mark.parametrize(
        ("opens", "closes", "utc", "is_open"),
        [
            ("22:00", "06:00", "20:00", True),  # 23:30 in Tehran
            ("22:00", "06:00", "02:29", True),
            ("22:00", "06:00", "02:30", False),
            ("22:00", "06:00", "18:29", False),
            ("09:00", "10:00", "05:30", True),
            ("09:00", "10:00", "06:30", False),
        ],
    )
    def test_is_open(self, opens: str, closes: str, utc: str, is_open: bool) -> None:
        window = Window(opens=opens, closes=closes, timezone="Asia/Tehran")
        assert window.is_open(datetime.fromisoformat(f"2026-11-22T{utc}:00+00:00")) is is_open
