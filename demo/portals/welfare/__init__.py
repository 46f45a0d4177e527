"""Portal of the welfare office (اداره کل بهزیستی): server-rendered, interactive, stages 3 to 4.

Search, complaints with a tracking code, citizen log-in (national code, captcha, one-time code), poll,
comments and the hand-over to the bank's gateway all work; what visitors send lives in memory
until the server stops.
There is no SMS: the one-time code is shown on the page, with a note that says so.

Oddities: the "mobile app" link leads to a store's home page, "tenders" to the national procurement system's
home page, the only map is the office's pin, one of the forms is an empty spreadsheet, and share buttons stand
beside the official accounts. The questionnaire claims less than the portal does.
"""

from __future__ import annotations

import datetime
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import flask
import jdatetime
from ruamel.yaml import YAML
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from demo.portals.welfare import identity
from demo.portals.welfare.search import Index

_HERE = Path(__file__).parent
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
UPLOAD_MEGABYTES = 25
_KEEP = 1000  # the newest complaints and comments kept in memory
_STATIC_PAGES = (
    ("/", "index.html"),
    ("/about", "about.html"),
    ("/about/duties", "duties.html"),
    ("/about/structure", "structure.html"),
    ("/managers", "managers.html"),
    ("/counties", "counties.html"),
    ("/laws", "laws.html"),
    ("/services", "services.html"),
    ("/groups", "groups.html"),
    ("/news", "news.html"),
    ("/announcements", "announcements.html"),
    ("/forms", "forms.html"),
    ("/faq", "faq.html"),
    ("/guide", "guide.html"),
    ("/payment", "payment.html"),
    ("/stats", "stats.html"),
    ("/survey-results", "survey.html"),
    ("/foi", "foi.html"),
    ("/privacy", "privacy.html"),
    ("/contact", "contact.html"),
    ("/sitemap", "sitemap.html"),
)
_FORM_PAGES = ("/complaint", "/complaint/track", "/poll", "/login", "/search")


@dataclass
class _Comment:
    name: str
    text: str
    date: datetime.date
    reply: str = ""


@dataclass
class _Visitors:
    """What visitors have sent since the server started."""

    complaints: OrderedDict[str, dict[str, str]] = field(default_factory=OrderedDict)
    comments: dict[str, list[_Comment]] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)
    captchas: identity.Challenges = field(default_factory=identity.Challenges)
    codes: identity.Challenges = field(default_factory=identity.Challenges)


def persian(value: object) -> str:
    """A number in Persian digits, thousands parted."""
    text = f"{value:,}".replace(",", "٬") if isinstance(value, int) else str(value)
    return text.translate(_PERSIAN_DIGITS)


def jalali(day: datetime.date) -> str:
    """A date as people write it: «۱ آذر ۱۴۰۵»."""
    date = jdatetime.date.fromgregorian(date=day)
    return f"{date.day} {jdatetime.date.j_months_fa[date.month - 1]} {date.year}".translate(_PERSIAN_DIGITS)


def create_app(today: datetime.date, gateway: str) -> flask.Flask:
    """The portal as it stands on `today`; payments are handed over to the bank at `gateway`."""
    app = flask.Flask(__name__, static_url_path="/static")
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        MAX_CONTENT_LENGTH=UPLOAD_MEGABYTES * 1024 * 1024 + 65536,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_NAME="welfare",
    )
    app.jinja_env.filters.update(fa=persian, jalali=jalali)
    content: dict[str, Any] = YAML(typ="safe").load((_HERE / "content.yaml").read_text(encoding="utf-8"))
    for item in content["news"] + content["announcements"]:
        item["date"] = today - datetime.timedelta(days=item["days_ago"])
    visitors = _Visitors(votes={option["id"]: option["votes"] for option in content["poll"]["options"]})
    for item in content["news"]:
        visitors.comments[item["slug"]] = [
            _Comment(c["name"], c["text"], today - datetime.timedelta(days=c["days_ago"]), c.get("reply", ""))
            for c in item["comments"]
        ]
    services = {service["slug"]: service for service in content["services"]}
    groups = {group["slug"]: group for group in content["groups"]}
    news = {item["slug"]: item for item in content["news"]}
    news_paths = [f"/news/{slug}" for slug in news]
    page_paths = [path for path, _ in _STATIC_PAGES]
    page_paths += [f"/services/{slug}" for slug in services] + [f"/groups/{slug}" for slug in groups]
    bank = urlsplit(gateway)
    policy = (
        "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'; "
        f"form-action 'self' {bank.scheme}://{bank.netloc}"
    )
    index: list[Index] = []

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "c": content,
            "services": services,
            "today": today,
            "gateway": gateway,
            "upload_megabytes": UPLOAD_MEGABYTES,
            "user": flask.session.get("user"),
        }

    @app.after_request
    def harden(response: flask.Response) -> flask.Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        return response

    @app.errorhandler(HTTPException)
    def problem(error: HTTPException) -> tuple[str, int]:
        words = {
            404: "صفحه‌ای با این نشانی پیدا نشد.",
            413: f"حجم پرونده بیش از {persian(UPLOAD_MEGABYTES)} مگابایت است.",
        }
        code = error.code or 500
        return flask.render_template("error.html", words=words.get(code, "درخواست پذیرفته نشد.")), code

    def show(template: str) -> Any:
        return lambda: flask.render_template(template)

    for path, template in _STATIC_PAGES:
        app.add_url_rule(path, template, show(template))

    @app.get("/services/<slug>")
    def service(slug: str) -> str:
        return flask.render_template("service.html", s=services.get(slug) or flask.abort(404))

    @app.get("/groups/<slug>")
    def group(slug: str) -> str:
        return flask.render_template("group.html", g=groups.get(slug) or flask.abort(404))

    @app.get("/news/<slug>")
    def news_item(slug: str) -> str:
        item = news.get(slug) or flask.abort(404)
        return flask.render_template("news_item.html", n=item, comments=visitors.comments[slug])

    @app.post("/news/<slug>/comment")
    def comment(slug: str) -> Response:
        comments = visitors.comments.get(slug)
        name = flask.request.form.get("name", "").strip()[:60]
        text = flask.request.form.get("text", "").strip()[:1000]
        if comments is None or not name or not text:
            flask.abort(400 if comments is not None else 404)
        comments.append(_Comment(name, text, today))
        del comments[:-_KEEP]
        return flask.redirect(f"/news/{slug}#comments", 303)

    @app.get("/search")
    def search() -> str:
        query = flask.request.args.get("q", "").strip()[:200]
        if query and not index:
            client = app.test_client()
            paths = [*page_paths, *news_paths, "/complaint", "/complaint/track", "/poll", "/login"]
            index.append(Index((path, client.get(path).get_data(as_text=True)) for path in paths))
        answer = index[0].find(query) if query else None
        return flask.render_template("search.html", q=query, answer=answer)

    @app.route("/complaint", methods=["GET", "POST"])
    def complaint() -> str | tuple[str, int]:
        form = flask.request.form
        if flask.request.method == "GET":
            return flask.render_template("complaint.html", sent=None, problem="")
        kind, subject = form.get("kind", ""), form.get("subject", "").strip()[:200]
        text = form.get("text", "").strip()[:5000]
        if kind not in ("شکایت", "پیشنهاد", "پرسش", "انتقاد") or not subject or not text:
            words = "نوع، موضوع و شرح پیام را کامل کنید."
            return flask.render_template("complaint.html", sent=None, problem=words), 400
        upload = flask.request.files.get("attachment")
        code = f"{secrets.randbelow(9 * 10**9) + 10**9}"
        visitors.complaints[code] = {
            "kind": kind,
            "subject": subject,
            "date": jalali(today),
            "attachment": (upload.filename or "") if upload else "",
        }
        while len(visitors.complaints) > _KEEP:
            visitors.complaints.popitem(last=False)
        return flask.render_template("complaint.html", sent=code, problem="")

    @app.get("/complaint/track")
    def track() -> str | tuple[str, int]:
        code = identity.ascii_digits(flask.request.args.get("code", ""))[:20]
        found = visitors.complaints.get(code)
        return flask.render_template("track.html", code=code, found=found)

    @app.route("/poll", methods=["GET", "POST"])
    def poll() -> str | Response:
        if flask.request.method == "POST":
            choice = flask.request.form.get("choice", "")
            if choice not in visitors.votes:
                flask.abort(400)
            visitors.votes[choice] += 1
            return flask.redirect("/poll?thanks=1", 303)
        return flask.render_template(
            "poll.html",
            votes=visitors.votes,
            all=sum(visitors.votes.values()),
            thanks="thanks" in flask.request.args,
        )

    @app.get("/captcha.svg")
    def captcha() -> flask.Response:
        key, secret = visitors.captchas.issue(5)
        flask.session["captcha"] = key
        response = flask.Response(identity.captcha_svg(secret), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.route("/login", methods=["GET", "POST"])
    def login() -> str | tuple[str, int]:
        if flask.request.method == "GET":
            return flask.render_template("login.html", problem="")
        code = identity.ascii_digits(flask.request.form.get("national_code", ""))
        answer = flask.request.form.get("captcha", "")
        problem = ""
        if not identity.is_national_code(code):
            problem = "کد ملی درست نیست."
        elif not visitors.captchas.solve(flask.session.get("captcha", ""), answer):
            problem = "عبارت امنیتی درست نیست."
        if problem:
            return flask.render_template("login.html", problem=problem), 400
        key, secret = visitors.codes.issue(6)
        flask.session["pending"] = {"user": code, "key": key}
        return flask.render_template("one_time_code.html", secret=secret, problem="")

    @app.post("/login/verify")
    def verify() -> Response | tuple[str, int]:
        pending = flask.session.get("pending", {})
        if not visitors.codes.solve(pending.get("key", ""), flask.request.form.get("code", "")):
            words = "رمز یک‌بارمصرف درست نیست."
            return flask.render_template("one_time_code.html", secret="", problem=words), 400
        flask.session.clear()
        flask.session["user"] = pending["user"]
        return flask.redirect("/my", 303)

    @app.get("/my")
    def my() -> str | Response:
        if "user" not in flask.session:
            return flask.redirect("/login")
        return flask.render_template("my.html")

    @app.post("/logout")
    def logout() -> Response:
        flask.session.clear()
        return flask.redirect("/", 303)

    def xml(template: str, **values: Any) -> flask.Response:
        root = flask.request.url_root.rstrip("/")
        return flask.Response(
            flask.render_template(template, root=root, **values), mimetype="application/xml"
        )

    @app.get("/sitemap.xml")
    def sitemap_index() -> flask.Response:
        return xml("sitemap_index.xml", parts=["/sitemap-pages.xml", "/sitemap-news.xml"])

    @app.get("/sitemap-pages.xml")
    def sitemap_pages() -> flask.Response:
        return xml("sitemap_urls.xml", urls=[(path, None) for path in [*page_paths, *_FORM_PAGES]])

    @app.get("/sitemap-news.xml")
    def sitemap_news() -> flask.Response:
        return xml("sitemap_urls.xml", urls=[(f"/news/{slug}", item["date"]) for slug, item in news.items()])

    @app.get("/robots.txt")
    def robots() -> flask.Response:
        text = (
            "User-agent: *\nCrawl-delay: 0\nDisallow: /admin/\nDisallow: /my\n\n"
            f"Sitemap: {flask.request.url_root}sitemap.xml\n"
        )
        return flask.Response(text, mimetype="text/plain")

    @app.get("/favicon.ico")
    def favicon() -> flask.Response:
        return app.send_static_file("emblem.svg")

    return app
