"""The demo province's bank: a payment gateway on a host of its own that never charges anybody.

A merchant's page posts (or links) to ``/pay`` with ``amount`` (rials), ``merchant`` (name shown to
the payer), ``order`` (the merchant's number) and, if it wants the payer back,
``callback`` (an http or https address).
The card form stores nothing: whatever is typed, ``/charge`` answers that no money was moved.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import flask

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PAGE = Path(__file__).with_name("gateway.html").read_text(encoding="utf-8")
_STYLE = Path(__file__).with_name("gateway.css").read_text(encoding="utf-8")
_MOST_RIALS = 2_000_000_000


def _callback(value: str) -> str:
    """The address to send the payer back to, or "" when it is none that a browser should follow."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and parts.hostname else ""


def create_app() -> flask.Flask:
    """The gateway: ``/`` (a notice), ``/pay`` (GET or POST hand-over), ``/charge`` (POST, never charges)."""
    app = flask.Flask(__name__, static_folder=None)

    def page(title: str, status: int = 200, **values: object) -> tuple[str, int]:
        return flask.render_template_string(_PAGE, title=title, **values), status

    @app.after_request
    def harden(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/")
    def home() -> tuple[str, int]:
        return page("درگاه پرداخت", problem="برای پرداخت باید از سایت پذیرنده به این درگاه هدایت شوید.")

    @app.route("/pay", methods=["GET", "POST"])
    def pay() -> tuple[str, int]:
        sent = flask.request.values
        merchant = sent.get("merchant", "").strip()[:100]
        order = sent.get("order", "").strip()[:40]
        digits = sent.get("amount", "").translate(_ASCII_DIGITS).replace(",", "").replace("٬", "").strip()
        if not merchant:
            return page("پرداخت ناممکن است", 400, problem="نام پذیرنده فرستاده نشده است.")
        if not (
            digits.isascii() and digits.isdigit() and len(digits) < 12 and 0 < int(digits) <= _MOST_RIALS
        ):
            return page("پرداخت ناممکن است", 400, problem="مبلغ باید عددی میان ۱ و ۲٬۰۰۰٬۰۰۰٬۰۰۰ ریال باشد.")
        token = sent.get("token", "").strip()[:64]
        if not token:  # the same hand-over gets the same token, so that pages can be compared between visits
            token = hashlib.sha256(f"{merchant}|{order}|{digits}".encode()).hexdigest()[:16]
        amount = f"{int(digits):,}".replace(",", "٬").translate(_PERSIAN_DIGITS)
        return page(
            "پرداخت اینترنتی",
            merchant=merchant,
            amount=amount,
            order=order,
            token=token,
            callback=_callback(sent.get("callback", "")),
        )

    @app.post("/charge")
    def charge() -> tuple[str, int]:
        if not flask.request.form.get("token"):
            return page("پرداخت ناممکن است", 400, problem="توکن پرداخت فرستاده نشده است.")
        return page("پرداخت انجام نشد", done=True, callback=_callback(flask.request.form.get("callback", "")))

    @app.get("/style.css")
    def style() -> flask.Response:
        return flask.Response(_STYLE, mimetype="text/css")

    @app.get("/favicon.ico")
    def favicon() -> tuple[str, int]:
        return "", 204

    @app.get("/robots.txt")
    def robots() -> flask.Response:
        return flask.Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")

    return app
