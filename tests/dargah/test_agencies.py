"""agencies.yaml: what is accepted, and how mistakes are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.datafile import DataFileError
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
