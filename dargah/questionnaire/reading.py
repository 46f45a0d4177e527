"""Reads filled questionnaires: our spreadsheet, or CSV exports of survey tools. All of a file, or nothing.

CSV comes in two shapes. Long: the columns ``agency``, ``question``, ``answer`` and, if wished, ``note``;
a row per answer. Wide: a column ``agency`` and a column per question, headed by its number (``70``,
``Q70``, ``70. ...``); a row per agency.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from crawler.portal import Portal
from crawler.text import normalize
from dargah.questionnaire.template import AGENCY_ROWS, LISTS, offered, option_labels
from indicators.model import UNKNOWN, Model, Question
from indicators.records import Answer

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS, MAX_COLUMNS = 20_000, 500

COLUMNS = ("agency", "question", "answer", "note")

_NUMBER = re.compile(r"^\s*[qQ]?\s*_?(\d+(?:[._]\d+)?)(?::([a-z][a-z0-9_]*))?(?![\d])")
_SEPARATORS = re.compile(r"[؛;،,|\n]+")


class QuestionnaireError(ValueError):
    """Something in a questionnaire cannot be taken; `problems` names each place. Nothing was imported."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))


class Cell(NamedTuple):
    """One filled answer and where it stands, e.g. ``answers.xlsx, sheet "2 ...", cell C14``."""

    place: str
    agency: str
    question: str
    choice: str
    answer: str
    note: str


@dataclass(frozen=True)
class Reader:
    """Turns filled questionnaires into answers to the model's indicators."""

    model: Model
    agencies: Sequence[Portal]

    def read(self, files: Iterable[Path], at: datetime, *, agency: str = "") -> list[Answer]:
        """The answers in all the files together. `agency` is taken where a file names none.

        Raises `QuestionnaireError` naming every unknown option, unknown or missing agency and doubled answer.
        """
        problems: list[str] = []
        cells: list[Cell] = []
        for path in files:
            try:
                cells += [c for c in _cells(path, agency) if c.answer.strip()]
            except _UnreadableError as error:
                problems.append(f"{path.name}: {error}")
        chosen = self._choose(cells, problems)
        if not cells and not problems:
            problems.append("no answers were found: were the files saved after filling in?")
        if problems:
            raise QuestionnaireError(problems)
        return list(self._answers(chosen, cells, at))

    def _choose(self, cells: Sequence[Cell], problems: list[str]) -> dict[str, dict[str, set[str]]]:
        """Chosen option ids by agency and question; what is wrong is added to `problems`."""
        agencies = {normalize(n): a.id for a in self.agencies for n in (a.id, a.names.fa, a.names.en)}
        chosen: dict[str, dict[str, set[str]]] = {}
        seen: dict[tuple[str, str, str], str] = {}
        unnamed: set[str] = set()
        for cell in cells:
            source = cell.place.split(",")[0]
            if not cell.agency.strip():
                if source not in unnamed:
                    problems.append(f"{cell.place}: the agency is missing (fill it in, or give --agency)")
                unnamed.add(source)
                continue
            agency = agencies.get(normalize(cell.agency))
            if agency is None:
                if (source + cell.agency) not in unnamed:
                    problems.append(
                        f"{cell.place}: agency “{cell.agency}” is not in agencies.yaml"
                        " (use its id or its name there)"
                    )
                unnamed.add(source + cell.agency)
                continue
            question = self._question(cell.question)
            if question is None:
                problems.append(f"{cell.place}: there is no question “{cell.question}” in {self.model.id}")
                continue
            key = (agency, question.number, cell.choice)
            if key in seen:
                problems.append(
                    f"{cell.place}: question {question.number} of {agency} is answered twice,"
                    f" first at {seen[key]}"
                )
                continue
            seen[key] = cell.place
            try:
                options = self._options(question, cell)
            except ValueError as error:
                problems.append(f"{cell.place}: {error}")
                continue
            chosen.setdefault(agency, {}).setdefault(question.number, set()).update(options)
        return chosen

    def _question(self, number: str) -> Question | None:
        try:
            return self.model.question(number)
        except KeyError:
            return None

    def _options(self, question: Question, cell: Cell) -> set[str]:
        """Option ids that a cell chooses. Raises ValueError with what is wrong."""
        said = normalize(cell.answer)
        if _is_unknown(said, self.model):
            return {UNKNOWN}
        if cell.choice:
            choices = {c.id for c in question.choices}
            if cell.choice not in choices:
                raise ValueError(f"question {question.number} has no choice “{cell.choice}”")
            if question.kind == "numbers":
                return {cell.choice}
            ticked = _yes_no(said)
            if ticked is None:
                raise ValueError(f"“{cell.answer}” is neither yes nor no")
            return {cell.choice} if ticked else set()
        if question.kind in ("text", "numbers", "heading"):
            return {"given"}
        labels = self._labels(question)
        parts = (
            [p for p in _SEPARATORS.split(cell.answer) if p.strip()] if question.multiple else [cell.answer]
        )
        options: set[str] = set()
        for part in parts:
            option = labels.get(normalize(part))
            if option is None:
                known = ", ".join(option_labels(self.model, question, "fa"))
                raise ValueError(
                    f"“{part.strip()}” is no option of question {question.number} (one of: {known})"
                )
            options.add(option)
        return options

    def _labels(self, question: Question) -> dict[str, str]:
        options = offered(self.model, question)
        return {normalize(label): o.id for o in options for label in (o.id, o.name.fa, o.name.en, *o.also)}

    def _answers(
        self, chosen: Mapping[str, Mapping[str, Collection[str]]], cells: Sequence[Cell], at: datetime
    ) -> Iterator[Answer]:
        notes = {(c.agency, c.question): c.note for c in cells if c.note.strip()}
        names = {normalize(n): a.id for a in self.agencies for n in (a.id, a.names.fa, a.names.en)}
        by_id = {(names[normalize(agency)], question): note for (agency, question), note in notes.items()}
        for agency, answers in chosen.items():
            for indicator in self.model.indicators:
                option = self.model.self_reported_option(indicator.id, answers)
                if option is None:
                    continue
                number = next((q for q in indicator.questions if q in answers), indicator.questions[0])
                yield Answer(
                    portal=agency,
                    indicator=indicator.id,
                    question=number,
                    source="self_reported",
                    option=option,
                    points=None if option == UNKNOWN else self.model.points(indicator.id, option),
                    at=at,
                    note=by_id.get((agency, number), "").strip()[:1000],
                )


class _UnreadableError(ValueError):
    """The file is not what it should be."""


def _cells(path: Path, agency: str) -> Iterator[Cell]:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror}") from None
    if size > MAX_BYTES:
        raise _UnreadableError(f"is larger than {MAX_BYTES:,} bytes")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _spreadsheet(path, agency)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _csv(path, agency)
    raise _UnreadableError("is neither .xlsx nor .csv")


def _spreadsheet(path: Path, agency: str) -> Iterator[Cell]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(i.file_size for i in archive.infolist()) > MAX_UNPACKED:
                raise _UnreadableError("unpacks to more than a questionnaire can need")
        book = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise _UnreadableError("is not a readable .xlsx spreadsheet") from None
    sheets = [s for s in book.worksheets if s.title != LISTS]
    if not sheets:
        raise _UnreadableError("has no sheets")
    first = list(sheets[0].iter_rows(max_row=len(AGENCY_ROWS), max_col=2, values_only=True))
    named = _text(first[0][1]) if first and len(first[0]) > 1 else ""
    for sheet in sheets[1:]:
        for row, values in enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=4, values_only=True), start=1):
            texts = [_text(v) for v in values] + [""] * 4
            match = _NUMBER.match(normalize(texts[0]))
            if match:
                place = f"{path.name}, sheet “{sheet.title}”, cell C{row}"
                yield Cell(place, named or agency, match[1], match[2] or "", texts[2], texts[3])
    book.close()


def _csv(path: Path, agency: str) -> Iterator[Cell]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig" if not raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-16")
    except UnicodeDecodeError:
        raise _UnreadableError("is not UTF-8 text (export it as UTF-8)") from None
    sample = text[:4000]
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(
            sample.splitlines()[0] if sample else "", ",;\t"
        )
    except csv.Error:
        dialect = csv.excel
    try:
        rows = list(csv.reader(io.StringIO(text), dialect, strict=True))[:MAX_ROWS]
    except csv.Error as error:
        raise _UnreadableError(f"is not valid CSV: {error}") from None
    if not rows:
        raise _UnreadableError("is empty")
    header = [normalize(h) for h in rows[0][:MAX_COLUMNS]]
    column = {str(name): header.index(name) for name in COLUMNS if name in header}
    if "question" in column and "answer" in column:
        return _long(path, rows, column, agency)
    return _wide(path, rows, header, column, agency)


def _long(
    path: Path, rows: Sequence[Sequence[str]], column: Mapping[str, int], agency: str
) -> Iterator[Cell]:
    for number, row in enumerate(rows[1:], start=2):
        if not any(v.strip() for v in row):
            continue

        def value(name: str, row: Sequence[str] = row) -> str:
            at = column.get(name)
            return row[at] if at is not None and at < len(row) else ""

        match = _NUMBER.match(normalize(value("question")))
        place = f"{path.name}, cell {get_column_letter(column['answer'] + 1)}{number}"
        question, choice = (match[1], match[2] or "") if match else (value("question"), "")
        yield Cell(place, value("agency") or agency, question, choice, value("answer"), value("note"))


def _wide(
    path: Path, rows: Sequence[Sequence[str]], header: Sequence[str], column: Mapping[str, int], agency: str
) -> Iterator[Cell]:
    questions = {i: m for i, h in enumerate(header) if i != column.get("agency") and (m := _NUMBER.match(h))}
    if not questions:
        raise _UnreadableError(
            "has neither the columns question and answer nor columns headed by question numbers (70, Q70 ...)"
        )
    for number, row in enumerate(rows[1:], start=2):
        named = row[column["agency"]] if "agency" in column and column["agency"] < len(row) else ""
        for at, match in questions.items():
            if at < len(row):
                place = f"{path.name}, cell {get_column_letter(at + 1)}{number}"
                yield Cell(place, named or agency, match[1].replace("_", "."), match[2] or "", row[at], "")


def _is_unknown(said: str, model: Model) -> bool:
    labels = (UNKNOWN, model.unknown_option.fa, model.unknown_option.en, *model.unknown_also)
    return said in {normalize(label) for label in labels}


def _yes_no(said: str) -> bool | None:
    if said in {normalize(w) for w in ("yes", "بله", "بلی", "x", "✓", "1", "true")}:
        return True
    if said in {normalize(w) for w in ("no", "خیر", "0", "false", "-")}:
        return False
    return None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
