"""What people hear when a data file is wrong, and that files are written whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.datafile import DataFileError, FieldsError, Problem, load_yaml, read_yaml, write_atomic


class Agency(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    start: str = Field(min_length=3)
    pages: int = 10


class Agencies(BaseModel):
    model_config = ConfigDict(extra="forbid")
    agencies: list[Agency]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Agencies:
        ids = [agency.id for agency in self.agencies]
        twice = [i for i, name in enumerate(ids) if name in ids[:i]]
        if twice:
            raise FieldsError(
                Problem(("agencies", i, "id"), f"'{ids[i]}' stands twice", "choose another") for i in twice
            )
        return self


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "agencies.yaml"


def refusal(file: Path, text: str | bytes) -> str:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(DataFileError) as caught:
        load_yaml(file, Agencies)
    return str(caught.value).replace(str(file), "F")


def test_good_file_is_read_with_persian_and_yes_as_text(file: Path) -> None:
    file.write_text("agencies:\n- {id: yes, start: نشانی, pages: 1_000}\n", encoding="utf-8")
    assert load_yaml(file, Agencies).agencies == [Agency(id="yes", start="نشانی", pages=1000)]


def test_every_problem_is_named_with_its_own_line(file: Path) -> None:
    text = "agencies:\n- id: a\n  start: abc\n- id: b\n  strat: abc\n- id: 7\n  start: x\n  pages: many\n"
    assert refusal(file, text).splitlines() == [
        "F:4: agencies[1].start: is missing (add it)",
        "F:5: agencies[1].strat: is not known here (did you mean 'start'?)",
        "F:6: agencies[2].id: should be text (put it in quotes)",
        "F:7: agencies[2].start: String should have at least 3 characters",
        "F:8: agencies[2].pages: should be a valid integer, unable to parse string as an integer",
    ]


def test_a_rule_about_the_whole_file_still_names_the_place(file: Path) -> None:
    text = "agencies:\n- {id: a, start: abc}\n\n- {id: a, start: abc}\n"
    assert refusal(file, text) == "F:4: agencies[1].id: 'a' stands twice (choose another)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "F: is empty"),
        ("- a", "F:1: should be a block of 'name: value' lines"),
        ("a: 1\nb: 2\na: 3", "F:3: a: stands twice, first on line 1 (remove one of them)"),
        ("a: &x [1]\nb: *x", "F:2: repeats by alias (*) (write the value out instead)"),
        ("a: [1,\nb", "F:3: is not valid YAML"),
        ("\ta: 1", "F:1: is not valid YAML"),
        ("a: 1\n---\nb: 1", "F:2: is not valid YAML: but found another document"),
        ("a: !!python/object/apply:os.system [id]", "F:1: a: has the tag"),
        ("? [1]\n: 2", "F:1: a key must be a plain word"),
        ("[" * 1_000_000, "F:1: is nested more than 40 deep"),
        ("- " * 900_000, "F:1: is nested more than 40 deep"),
        ("a: " + "9" * 6_000, "F:1: a: is not a number"),
        ("#" * 2_000_001, "F: is larger than 2,000,000 bytes"),
        (b"a: 1\nb: \xd3\xe1\xc7\xe3", "F:2: is not UTF-8 text (save it as UTF-8)"),
        ("a: 1\x00", "F: is not valid YAML"),
    ],
)
def test_a_broken_file_gets_one_clear_error(file: Path, text: str | bytes, said: str) -> None:
    assert refusal(file, text).startswith(said)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(DataFileError, match=f"^{path}: cannot be read: "):
            load_yaml(path, Agencies)


@settings(max_examples=150)
@given(
    st.binary(max_size=200) | st.text(alphabet="ab:-?[]{}&*!|>'\"%#,\n\t 01.", max_size=80).map(str.encode)
)
def test_wild_bytes_are_read_or_refused_but_never_crash(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "wild.yaml"
    file.write_bytes(raw)
    try:
        value, lines = read_yaml(file)
    except DataFileError as error:
        assert str(error).startswith(str(file))
    else:
        assert lines[()] >= 1
        assert isinstance(value, (dict, list, str, int, float, bool, type(None)))


def test_writing_replaces_the_file_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.txt"
    write_atomic(file, "یک")
    write_atomic(file, b"two")
    assert file.read_bytes() == b"two"
    assert [p.name for p in file.parent.iterdir()] == ["a.txt"]


def test_writing_that_fails_keeps_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    write_atomic(file, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomic(file, "new")
    assert file.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
