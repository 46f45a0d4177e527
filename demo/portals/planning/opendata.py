"""The open data sets and the files in which they are published."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openpyxl import Workbook
from ruamel.yaml import YAML

from demo.portals.planning.content import FOLDER

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}


@dataclass(frozen=True)
class DataFile:
    """One file: its bytes, media type and SHA-256 in hexadecimal."""

    body: bytes
    media_type: str

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class Dataset:
    """A table for re-use; `files` are its published forms by extension."""

    key: str
    names: dict[str, str]
    about: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]
    files: dict[str, DataFile]
    published: datetime.date

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def summary(self) -> dict[str, Any]:
        """What the API's list says of it."""
        return {
            "id": self.key,
            "title": self.names["en"],
            "title_fa": self.names["fa"],
            "description": self.about["en"],
            "columns": self.columns,
            "rows": len(self.rows),
            "published": self.published.isoformat(),
            "files": [
                {"href": f"/data/{self.key}.{extension}", "media_type": f.media_type, "sha256": f.sha256}
                for extension, f in self.files.items()
            ],
        }


def _csv(columns: list[str], rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue().encode()


def _xlsx(columns: list[str], rows: list[list[Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    for row in [columns, *rows]:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _geojson(columns: list[str], rows: list[list[Any]]) -> bytes:
    features = []
    for row in rows:
        properties = dict(zip(columns, row, strict=True))
        place = {"type": "Point", "coordinates": [properties.pop("lon"), properties.pop("lat")]}
        features.append({"type": "Feature", "geometry": place, "properties": properties})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


WRITERS = {"csv": _csv, "xlsx": _xlsx, "geojson": _geojson}


def load(today: datetime.date) -> dict[str, Dataset]:
    """All data sets by key, published three weeks before `today`."""
    published = today - datetime.timedelta(days=21)
    datasets = {}
    for key, raw in YAML(typ="safe").load(FOLDER / "datasets.yaml").items():
        columns, rows = raw["columns"], raw["rows"]
        datasets[key] = Dataset(
            key=key,
            names={"fa": raw["fa"], "en": raw["en"]},
            about={"fa": raw["about_fa"], "en": raw["about_en"]},
            columns=columns,
            rows=rows,
            files={
                form: DataFile(WRITERS[form](columns, rows), MEDIA_TYPES[form]) for form in raw["formats"]
            },
            published=published,
        )
    return datasets
