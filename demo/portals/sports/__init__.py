"""اداره کل ورزش و جوانان: a portal that only a browser can read.

Every route answers the same empty shell; `static/app.js` (an ES module, no build step) asks the JSON API
for the content and draws it. Oddities:

- routes of the history API; unknown ones say "صفحه یافت نشد" under status 200, and so does /sitemap.xml
- a third of the menu has no href: buttons with `data-route`, or with an inline `onclick="go('/poll')"`
- the API answers after a short delay (`app.config["API_DELAY"]`, seconds)
- the privacy page is empty, the site map is a dead link, the iPhone "app" leads to a shop's front door,
  the language button leads nowhere, share buttons stand on news, the web studio signs with its own telephone
"""

from __future__ import annotations

import datetime
import math
import time
from pathlib import Path
from typing import Any

import jdatetime
from flask import Flask, Response, jsonify, request, send_from_directory
from ruamel.yaml import YAML

HERE = Path(__file__).parent
MONTHS = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()  # noqa: SIM905
TO_FARSI = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
TO_ONE_SPELLING = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "آ": "ا"})
NEWS_PER_PAGE = 8


def farsi_date(day: datetime.date) -> str:
    """A Gregorian day as a portal writes it: '۲۳ آبان ۱۴۰۴'."""
    jalali = jdatetime.date.fromgregorian(date=day)
    return f"{jalali.day} {MONTHS[jalali.month - 1]} {jalali.year}".translate(TO_FARSI)


def load_content(today: datetime.date) -> dict[str, Any]:
    """The portal's content with its relative days turned into dates."""
    content: dict[str, Any] = YAML(typ="safe").load(HERE / "content.yaml")
    for item in content["news"]:
        item["date"] = farsi_date(today - datetime.timedelta(days=item.pop("days")))
    for event in content["pages"]["/events"]["events"]:
        event["date"] = farsi_date(today + datetime.timedelta(days=event.pop("in_days")))
    return content


def flatten(value: Any) -> str:
    """All words in a piece of content, joined by spaces."""
    if isinstance(value, dict):
        return " ".join(flatten(v) for k, v in value.items() if k not in {"to", "image", "id"})
    if isinstance(value, list):
        return " ".join(flatten(v) for v in value)
    return str(value)


def create_app(today: datetime.date, gateway: str) -> Flask:
    """The portal as it stands on `today`; it takes no payments, so `gateway` is not used."""
    del gateway
    app = Flask(__name__, static_folder="static", static_url_path="/assets")
    app.config["API_DELAY"] = 0.12
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    content = load_content(today)
    news = {str(item["id"]): item for item in content["news"]}
    facilities = {str(item["id"]): item for item in content["facilities"]}
    votes: list[int] = list(content["poll"]["votes"])

    searchable: list[tuple[str, str, str]] = [
        *((f"/news/{n['id']}", n["title"], flatten([n["lead"], n["body"]])) for n in content["news"]),
        *((f"/services/{k}", s["title"], flatten(s)) for k, s in content["services"].items()),
        *((f"/facilities/{f['id']}", f["name"], flatten(f)) for f in content["facilities"]),
        *((route, page["title"], flatten(page)) for route, page in content["pages"].items()),
        ("/managers", "مدیران و مسئولان", flatten(content["managers"])),
        ("/contact", "تماس با ما", flatten(content["site"]["address"])),
        ("/poll", "نظرسنجی", flatten(content["poll"]["question"])),
    ]

    def missing() -> tuple[Response, int]:
        return jsonify(error="not found"), 404

    @app.before_request
    def slow_like_a_busy_server() -> None:
        if request.path.startswith("/api/"):
            time.sleep(app.config["API_DELAY"])

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /api/contact\n", mimetype="text/plain")

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return send_from_directory(HERE / "static", "emblem.svg")

    @app.get("/api/site")
    def api_site() -> Response:
        return jsonify(content["site"])

    @app.get("/api/home")
    def api_home() -> Response:
        return jsonify(content["home"] | {"news": content["news"][:4]})

    @app.get("/api/page/")
    @app.get("/api/page/<path:route>")
    def api_page(route: str = "") -> Response | tuple[Response, int]:
        page = content["pages"].get(f"/{route}")
        return jsonify(page) if page else missing()

    @app.get("/api/news")
    def api_news() -> Response:
        number = max(1, request.args.get("page", 1, type=int))
        first = (number - 1) * NEWS_PER_PAGE
        pages = math.ceil(len(news) / NEWS_PER_PAGE)
        return jsonify(items=content["news"][first : first + NEWS_PER_PAGE], pages=pages)

    @app.get("/api/news/<key>")
    def api_news_item(key: str) -> Response | tuple[Response, int]:
        return jsonify(news[key]) if key in news else missing()

    @app.get("/api/services")
    def api_services() -> Response:
        items = [
            {"id": k, "title": s["title"], "summary": s["summary"]} for k, s in content["services"].items()
        ]
        return jsonify(items=items)

    @app.get("/api/services/<key>")
    def api_service(key: str) -> Response | tuple[Response, int]:
        service = content["services"].get(key)
        return jsonify(service | {"id": key}) if service else missing()

    @app.get("/api/facilities")
    def api_facilities() -> Response:
        return jsonify(items=content["facilities"])

    @app.get("/api/facilities/<key>")
    def api_facility(key: str) -> Response | tuple[Response, int]:
        return jsonify(facilities[key]) if key in facilities else missing()

    @app.get("/api/managers")
    def api_managers() -> Response:
        return jsonify(items=content["managers"])

    @app.get("/api/search")
    def api_search() -> Response:
        words = request.args.get("q", "").translate(TO_ONE_SPELLING).lower().split()
        hits: list[tuple[int, dict[str, str]]] = []
        for route, title, text in searchable if words else []:
            in_title, in_all = (t.translate(TO_ONE_SPELLING).lower() for t in (title, f"{title} {text}"))
            if all(word in in_all for word in words):
                rank = -sum(word in in_title for word in words)
                hits.append((rank, {"to": route, "title": title, "text": text[:140]}))
        hits.sort(key=lambda hit: hit[0])
        return jsonify(items=[hit for _, hit in hits])

    @app.get("/api/poll")
    def api_poll() -> Response:
        return jsonify(question=content["poll"]["question"], options=content["poll"]["options"], votes=votes)

    @app.post("/api/poll")
    def api_vote() -> Response | tuple[Response, int]:
        choice = (request.get_json(silent=True) or {}).get("choice")
        if not isinstance(choice, int) or not 0 <= choice < len(votes):
            return jsonify(error="یک گزینه را انتخاب کنید."), 422
        votes[choice] += 1
        return jsonify(votes=votes)

    def accept(required: tuple[str, ...], thanks: str) -> Response | tuple[Response, int]:
        sent = request.get_json(silent=True) or {}
        if any(not str(sent.get(field, "")).strip() for field in required):
            return jsonify(error="لطفاً همه خانه‌های ستاره‌دار را پر کنید."), 422
        return jsonify(message=thanks)

    @app.post("/api/contact")
    def api_contact() -> Response | tuple[Response, int]:
        return accept(("name", "phone", "message"), "پیام شما دریافت شد. از همراهی شما سپاسگزاریم.")

    @app.post("/api/booking")
    def api_booking() -> Response | tuple[Response, int]:
        return accept(
            ("facility", "day", "phone"), "درخواست رزرو دریافت شد. کارشناس ما برای تأیید تماس می‌گیرد."
        )

    @app.get("/api/<path:unknown>")
    def api_unknown(unknown: str) -> tuple[Response, int]:
        del unknown
        return missing()

    @app.get("/")
    @app.get("/<path:route>")
    def shell(route: str = "") -> Response:
        del route
        return send_from_directory(HERE / "static", "index.html")

    return app
