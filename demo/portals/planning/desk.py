"""The counter where forms are handed in: checks them and remembers the cases by tracking code."""

from __future__ import annotations

import datetime
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import FileStorage

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without letters that look like digits
MOST_CASES = 1000


class RefusedError(Exception):
    """A form that is not complete; the message tells the citizen what to mend."""


class Desk:
    """Takes the forms described by `forms` and keeps the newest thousand cases in memory."""

    def __init__(self, forms: Mapping[str, Mapping[str, Any]]) -> None:
        self._forms = forms
        self._cases: OrderedDict[str, dict[str, str]] = OrderedDict()

    def take(
        self, name: str, sent: Mapping[str, str], files: Mapping[str, FileStorage], today: datetime.date
    ) -> str:
        """The tracking code of the form `name` filled with `sent`; RefusedError if anything is missing."""
        for field in self._forms[name]["fields"]:
            given = sent.get(field["name"], "").strip()
            if field["type"] == "file":
                upload = files.get(field["name"])
                given = (upload.filename or "") if upload else ""
            if field.get("required") and not given:
                raise RefusedError(f"«{field['label']}» را پر کنید.")
            if field["type"] == "select" and given and given not in field["options"]:
                raise RefusedError(f"«{field['label']}» را از فهرست برگزینید.")
        code = "".join(secrets.choice(ALPHABET) for _ in range(8))
        self._cases[code] = {
            "title": self._forms[name]["title"],
            "date": today.isoformat(),
            "status": "ثبت شد و در نوبت بررسی است",
        }
        while len(self._cases) > MOST_CASES:
            self._cases.popitem(last=False)
        return code

    def find(self, code: str) -> dict[str, str] | None:
        """The case behind a tracking code: title, date, status."""
        return self._cases.get(code)
