"""Portal of the water company (شرکت آب و فاضلاب): server-rendered over HTTPS, in the style of ten years ago.

Bill enquiry and payment (hand-over to the bank's gateway), subscribers' log-in, tenders with awards, an
installable application beside store links, and a map of facilities drawn from the GeoJSON file that is
offered for download. Subscriber 21045873 logs in with the password ``Cheshmeh-48``.

Oddities: the EN switch serves the Persian page again, the privacy link leads to a page "under
construction", the site-map link is dead (404), the header's search box has nothing behind it, one of the
social links is the network's home page, the e-mail address is written for people only, complaints get no
tracking code, and the visit counter is the only figure about use.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections import OrderedDict
from pathlib import Path
from typing import Any

import flask
import jdatetime
from ruamel.yaml import YAML
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.wrappers import Response

_HERE = Path(__file__).parent
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_PASSWORDS = {"21045873": "Cheshmeh-48"}
_ATTEMPTS = 5
_KEEP = 1000
# The part of the earth that the map shows (degrees) and the size of its drawing.
_WEST, _EAST, _SOUTH, _NORTH = 52.03, 52.26, 35.79, 35.95
_WIDTH, _HEIGHT = 920, 640
_PAGES = {
    "/": "index.html",
    "/en": "index.html",
    "/fa/about": "about.html",
    "/fa/managers": "managers.html",
    "/fa/branches": "branches.html",
    "/fa/services": "services.html",
    "/fa/bill/pay": "bill_pay.html",
    "/fa/tenders": "tenders.html",
    "/fa/tenders/results": "results.html",
    "/fa/jobs": "jobs.html",
    "/fa/app": "app.html",
    "/fa/gis": "gis.html",
    "/fa/faq": "faq.html",
    "/fa/contact": "contact.html",
    "/fa/news": "news.html",
    "/fa/quality": "quality.html",
    "/fa/forms": "forms.html",
    "/fa/privacy": "construction.html",
}


def persian(value: object) -> str:
    """A number in Persian digits, thousands parted."""
    text = f"{value:,}".replace(",", "٬") if isinstance(value, int) else str(value)
    return text.translate(_PERSIAN_DIGITS)


def jalali(day: datetime.date) -> str:
    """A date in figures: «۱۴۰۵/۰۹/۰۱»."""
    date = jdatetime.date.fromgregorian(date=day)
    return f"{date.year}/{date.month:02}/{date.day:02}".translate(_PERSIAN_DIGITS)


def is_bill_id(text: str) -> bool:
    """Whether thirteen digits are the identifier of a water bill: service type 1, then the check digit."""
    if not (len(text) == 13 and text.isascii() and text.isdigit()) or text[11] != "1":
        return False
    rest = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(text[:12]))) % 11
    return int(text[12]) == (0 if rest < 2 else 11 - rest)


def _drawn(feature: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature as the map draws it: a point or a polyline in the drawing's own units."""
    shape = feature["geometry"]
    corners = [shape["coordinates"]] if shape["type"] == "Point" else shape["coordinates"]
    points = [
        (
            round((east - _WEST) / (_EAST - _WEST) * _WIDTH, 1),
            round((_NORTH - north) / (_NORTH - _SOUTH) * _HEIGHT, 1),
        )
        for east, north in corners
    ]
    line = " ".join(f"{x},{y}" for x, y in points) if shape["type"] == "LineString" else ""
    return {**feature["properties"], "x": points[0][0], "y": points[0][1], "line": line}


def create_app(today: datetime.date, gateway: str) -> flask.Flask:
    """The portal as it stands on `today`; payments are handed over to the bank at `gateway`."""
    app = flask.Flask(__name__, static_url_path="/static")
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        SESSION_COOKIE_NAME="abfa",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=256 * 1024,
    )
    app.jinja_env.filters.update(fa=persian, jalali=jalali)
    content: dict[str, Any] = YAML(typ="safe").load((_HERE / "content.yaml").read_text(encoding="utf-8"))
    for kind in ("news", "tenders", "awards", "jobs"):
        for item in content[kind]:
            item["date"] = today - datetime.timedelta(days=item["days_ago"])
    for item in (*content["tenders"], *content["bills"]):
        item["until"] = today + datetime.timedelta(days=item["deadline"])
    geography = json.loads((_HERE / "static" / "facilities.geojson").read_text(encoding="utf-8"))
    facilities = [_drawn(feature) for feature in geography["features"]]
    passwords = {account: generate_password_hash(word) for account, word in _PASSWORDS.items()}
    messages: OrderedDict[str, dict[str, str]] = OrderedDict()
    failures: dict[str, int] = {}
    ratings = {"yes": 0, "no": 0}
    visits = {"count": 1_284_560}

    def pick(kind: str, key: str, value: object) -> dict[str, Any]:
        for item in content[kind]:
            if item[key] == value:
                found: dict[str, Any] = item
                return found
        flask.abort(404)

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "c": content,
            "today": today,
            "gateway": gateway,
            "facilities": facilities,
            "visits": visits["count"],
            "account": flask.session.get("account"),
        }

    @app.before_request
    def count_visit() -> None:
        if flask.request.endpoint != "static" and "seen" not in flask.session:
            flask.session["seen"] = True
            visits["count"] += 1

    @app.after_request
    def harden(response: flask.Response) -> flask.Response:
        if flask.request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    @app.errorhandler(404)
    def missing(_: Exception) -> tuple[str, int]:
        return flask.render_template("error.html"), 404

    def show(template: str) -> Any:
        return lambda: flask.render_template(template)

    for path, template in _PAGES.items():
        app.add_url_rule(path, path, show(template))

    @app.get("/fa/services/<slug>")
    def service(slug: str) -> str:
        return flask.render_template("service.html", s=pick("services", "slug", slug))

    @app.get("/fa/tenders/<no>")
    def tender(no: str) -> str:
        return flask.render_template("tender.html", t=pick("tenders", "no", no))

    @app.get("/fa/news/<int:number>")
    def news_item(number: int) -> str:
        return flask.render_template("news_item.html", n=pick("news", "id", number))

    @app.get("/fa/rss")
    def rss() -> flask.Response:
        body = flask.render_template("rss.xml", root=flask.request.url_root.rstrip("/"))
        return flask.Response(body, mimetype="application/rss+xml")

    @app.post("/fa/rate")
    def rate() -> str:
        answer = flask.request.form.get("useful", "")
        if answer not in ratings:
            flask.abort(400)
        ratings[answer] += 1
        return flask.render_template("thanks.html", words="نظر شما درباره این صفحه ثبت شد.")

    @app.get("/fa/bill")
    def bill() -> str:
        typed = flask.request.args.get("bill_id", "").strip().translate(_ASCII_DIGITS)[:20]
        found = next((b for b in content["bills"] if b["id"] == typed), None)
        problem = ""
        if typed and not is_bill_id(typed):
            problem = "شناسه قبض درست نیست؛ سیزده رقم روی قبض را بنویسید."
        elif typed and not found:
            problem = "قبضی با این شناسه پیدا نشد."
        return flask.render_template("bill.html", typed=typed, bill=found, problem=problem)

    @app.route("/fa/complaint", methods=["GET", "POST"])
    def complaint() -> str | tuple[str, int]:
        if flask.request.method == "GET":
            flask.session.setdefault("form", secrets.token_urlsafe(12))
            return flask.render_template("complaint.html", token=flask.session["form"])
        form = flask.request.form
        text = form.get("text", "").strip()[:3000]
        if not text or not flask.session.get("form") or form.get("token") != flask.session["form"]:
            flask.abort(400)
        messages[secrets.token_hex(8)] = {"name": form.get("name", "")[:60], "text": text}
        while len(messages) > _KEEP:
            messages.popitem(last=False)
        return flask.render_template(
            "thanks.html",
            words="پیام شما به دفتر رسیدگی به شکایات فرستاده شد. همکاران ما با شما تماس می‌گیرند.",
        )

    @app.route("/fa/account/login", methods=["GET", "POST"])
    def login() -> str | Response | tuple[str, int]:
        if flask.request.method == "GET":
            return flask.render_template("login.html", problem="")
        account = flask.request.form.get("account", "").strip().translate(_ASCII_DIGITS)
        known = passwords.get(account)
        if known and failures.get(account, 0) >= _ATTEMPTS:
            return flask.render_template("login.html", problem="این اشتراک پس از پنج بار خطا بسته شد."), 403
        if known and check_password_hash(known, flask.request.form.get("password", "")):
            failures.pop(account, None)
            flask.session["account"] = account
            return flask.redirect("/fa/account", 303)
        if known:
            failures[account] = failures.get(account, 0) + 1
        return flask.render_template("login.html", problem="شماره اشتراک یا گذرواژه درست نیست."), 400

    @app.get("/fa/account")
    def my_account() -> str | Response:
        if "account" not in flask.session:
            return flask.redirect("/fa/account/login")
        return flask.render_template("account.html", bill=pick("bills", "account", flask.session["account"]))

    @app.post("/fa/account/logout")
    def logout() -> Response:
        flask.session.pop("account", None)
        return flask.redirect("/", 303)

    @app.get("/manifest.webmanifest")
    def manifest() -> flask.Response:
        return app.send_static_file("manifest.webmanifest")

    @app.get("/sw.js")
    def worker() -> flask.Response:
        return app.send_static_file("sw.js")

    @app.get("/favicon.ico")
    def favicon() -> flask.Response:
        return app.send_static_file("logo.svg")

    @app.get("/robots.txt")
    def robots() -> flask.Response:
        return flask.Response("User-agent: *\nDisallow: /fa/account$\n", mimetype="text/plain")

    return app
