"""Roads: a bare brochure, ``.html`` files behind a plain web server.

Its oddities: no search, no form, no XML site map; a map with only the office's pin; a site map for people;
the web studio's own telephone and e-mail in the footer; an empty privacy page; a staff log-in on another
host; share buttons; a spreadsheet that is a blank form, not data.

Files stand in ``site/``. A date in a page is written ``{{days_ago 3}}`` (۲۹ آبان ۱۴۰۵) or
``{{days_ago 3 numeric}}`` (۱۴۰۵/۰۸/۲۹), so that the news stays as fresh, or as stale, as it was written.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import jdatetime
from flask import Flask, Response, send_from_directory

SITE = Path(__file__).with_name("site")
# The day of the last upload where a page carries no date: brochures are left alone for long.
LAST_UPLOAD_DAYS = 410

_DATE = re.compile(r"\{\{days_ago (\d+)( numeric)?\}\}")
_NOT_FOUND = (
    "<html>\n<head><title>404 Not Found</title></head>\n"
    "<body>\n<center><h1>404 Not Found</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n"
)
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def create_app(today: date, gateway: str) -> Flask:
    """Serve ``site/`` as the files stood on the day `today`. `gateway` is not used: nothing is paid here."""
    del gateway
    app = Flask(__name__, static_folder=None)

    @app.get("/")
    def home() -> Response:
        return page("index.html")

    @app.get("/<path:name>")
    def file(name: str) -> Response:
        if name.endswith(".html") and (SITE / name).is_file():
            return page(name)
        response = send_from_directory(SITE, name)
        response.last_modified = _uploaded(today, LAST_UPLOAD_DAYS)
        return response

    @app.errorhandler(404)
    def missing(error: Exception) -> tuple[str, int]:
        del error
        return _NOT_FOUND, 404

    def page(name: str) -> Response:
        text = (SITE / name).read_text(encoding="utf-8")
        ages = [int(days) for days, _ in _DATE.findall(text)]
        response = Response(_DATE.sub(lambda m: _written(today, m), text), content_type="text/html")
        response.last_modified = _uploaded(today, min(ages, default=LAST_UPLOAD_DAYS))
        return response

    return app


def _written(today: date, match: re.Match[str]) -> str:
    day = jdatetime.date.fromgregorian(date=today - timedelta(days=int(match[1])), locale="fa_IR")
    text: str = day.strftime("%Y/%m/%d" if match[2] else "%-d %B %Y")
    return text.translate(_PERSIAN_DIGITS)


def _uploaded(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(7, 42), UTC)
