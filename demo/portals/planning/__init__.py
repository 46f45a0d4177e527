"""سازمان مدیریت و برنامه‌ریزی: the province's model pupil, server-rendered in Persian and English.

Content stands in `content/*.yaml`; every page is drawn by `templates/page.html` from blocks. Open data comes
as CSV, XLSX and GeoJSON files with checksums and through a JSON API; forms give tracking codes that work;
`app.config["ACCOUNTS"]` maps national codes of registered citizens to (name, password). Oddities:

- `/` sends the visitor to /fa/; the English half is smaller, so its language switch leads to the nearest page
- only the map and the display settings (text size, contrast, theme) need a script
- fees are paid at `gateway`, the province's bank, which sends the payer back
"""

from __future__ import annotations

import datetime
import secrets
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from demo.portals.planning import opendata
from demo.portals.planning.content import LANGUAGES, Site, fold, load_forms, load_sites
from demo.portals.planning.desk import Desk, RefusedError

UPLOAD_LIMIT = 25 * 1024 * 1024
MOST_ROWS = 100
POLL = {
    "question": "کدام خدمت باید زودتر تمام‌الکترونیکی شود؟",
    "options": ["تعیین صلاحیت مشاوران", "استعلام اعتبار طرح", "درخواست آمار", "پیشنهاد طرح عمرانی"],
}
COMMENTS = [
    ("شهلا امینی", "پهنه گردشگری دریاچه تار باید از ساخت‌وساز دور بماند.", "در نسخه نهایی لحاظ شد."),
    ("دهیار کیلان", "برای باغ‌های کیلان سهم آب پیش‌بینی نشده است.", "جدول منابع آب بازنگری می‌شود."),
]


def create_app(today: datetime.date, gateway: str) -> Flask:
    """The portal as it stands on `today`; fees are handed over to the bank at `gateway`."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        ACCOUNTS={"0084575948": ("رؤیا دماوندی", "Tochal-3964")},
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    sites = load_sites(today)
    forms = load_forms()
    datasets = opendata.load(today)
    desk = Desk(forms)
    votes = [318, 204, 177, 96]

    def draw(site: Site, path: str, status: int = 200, **values: Any) -> tuple[str, int]:
        page = site.pages[path]
        shared = {
            "site": site.texts,
            "lang": site.language,
            "direction": LANGUAGES[site.language],
            "page": page,
            "path": path,
            "titles": site.titles,
            "crumbs": site.crumbs(path),
            "alternates": {site.language: path} | {k: page[k] for k in LANGUAGES if k in page},
            "sections": site.sections(),
            "news": sites["fa"].news,
            "services": sites["fa"].services,
            "datasets": datasets,
            "forms": forms,
            "comments": COMMENTS,
            "poll": POLL | {"votes": votes},
            "gateway": gateway,
        }
        return render_template("page.html", **shared, **values), status

    def persian(path: str, status: int = 200, **values: Any) -> tuple[str, int]:
        return draw(sites["fa"], path, status, **values)

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; img-src 'self' data:; form-action 'self' {gateway}; "
            "frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
        )
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response

    @app.errorhandler(404)
    @app.errorhandler(413)
    def failed(error: Any) -> tuple[str | Response, int]:
        code = HTTPStatus(error.code)
        if request.path.startswith("/api/"):
            return jsonify(error=code.phrase), code
        site = sites["en" if request.path.startswith("/en/") else "fa"]
        return render_template("error.html", site=site.texts, lang=site.language, code=int(code)), code

    @app.get("/")
    def root() -> AnyResponse:
        return redirect("/fa/")

    @app.get("/robots.txt")
    def robots() -> Response:
        lines = (
            "User-agent: *\nDisallow: /admin/\nDisallow: /fa/account\n"
            f"Crawl-delay: 0\nSitemap: {request.host_url}sitemap.xml\n"
        )
        return Response(lines, mimetype="text/plain")

    @app.get("/sitemap.xml")
    def xml_sitemap() -> Response:
        listed = [
            (p, site.pages[p]) for site in sites.values() for p in site.pages if not p.endswith("/search")
        ]
        body = render_template("sitemap.xml", pages=listed, root=request.host_url.rstrip("/"), today=today)
        return Response(body, mimetype="application/xml")

    @app.get("/favicon.ico")
    def favicon() -> AnyResponse:
        return redirect(url_for("static", filename="emblem.svg"))

    @app.get("/<any(fa, en):language>/")
    @app.get("/<any(fa, en):language>/<path:rest>")
    def show(language: str, rest: str = "") -> tuple[str, int]:
        path = f"/{language}/{rest}"
        if path not in sites[language].pages:
            abort(404)
        return draw(sites[language], path)

    @app.post("/fa/forms/<name>")
    def receive(name: str) -> AnyResponse | tuple[str, int]:
        back = request.form.get("back", "")
        if name not in forms or back not in sites["fa"].pages:
            abort(404)
        try:
            code = desk.take(name, request.form, request.files, today)
        except RefusedError as refusal:
            return persian(back, 422, problem=str(refusal), sent=request.form)
        return redirect(f"/fa/track?code={code}")

    @app.get("/fa/track")
    def track() -> tuple[str, int]:
        code = request.args.get("code", "").strip().upper()
        return persian("/fa/track", code=code, case=desk.find(code))

    @app.post("/fa/poll")
    def vote() -> AnyResponse | tuple[str, int]:
        choice = request.form.get("choice", -1, type=int)
        if not 0 <= choice < len(votes):
            return persian("/fa/poll", 422, problem="یک گزینه را انتخاب کنید.")
        votes[choice] += 1
        return redirect("/fa/poll")

    @app.get("/<any(fa, en):language>/search")
    def search(language: str) -> tuple[str, int]:
        site = sites[language]
        query = request.args.get("q", "")[:200]
        hits, meant = site.search(query)
        return draw(site, f"{site.home}search", query=query, hits=hits, meant=meant)

    @app.post("/fa/login")
    def login() -> AnyResponse | tuple[str, int]:
        name, password = app.config["ACCOUNTS"].get(fold(request.form.get("national_id", "")), ("", ""))
        if not name or not secrets.compare_digest(
            request.form.get("password", "").encode(), password.encode()
        ):
            return persian("/fa/login", 401, problem="شماره ملی یا گذرواژه درست نیست.")
        session["citizen"] = name
        return redirect("/fa/account")

    @app.get("/fa/account")
    def account() -> AnyResponse | tuple[str, int]:
        if "citizen" not in session:
            return redirect("/fa/login")
        return persian("/fa/login", citizen=session["citizen"])

    @app.post("/fa/logout")
    def logout() -> AnyResponse:
        session.clear()
        return redirect("/fa/")

    @app.get("/data/<file>")
    def data_file(file: str) -> Response:
        key, _, extension = file.partition(".")
        if key not in datasets or extension not in datasets[key].files:
            abort(404)
        found = datasets[key].files[extension]
        # Data are for others' programs too, wherever these run.
        return Response(found.body, mimetype=found.media_type, headers={"Access-Control-Allow-Origin": "*"})

    @app.get("/api/v1/datasets")
    def api_list() -> Response:
        return jsonify(licence="CC-BY-4.0", datasets=[d.summary() for d in datasets.values()])

    @app.get("/api/v1/datasets/<key>")
    def api_rows(key: str) -> Response:
        if key not in datasets:
            abort(404)
        first = max(0, request.args.get("offset", 0, type=int))
        count = min(MOST_ROWS, max(0, request.args.get("limit", MOST_ROWS, type=int)))
        rows = datasets[key].records()
        for column in set(request.args) & set(datasets[key].columns):
            rows = [row for row in rows if str(row[column]) == request.args[column]]
        return jsonify(dataset=key, total=len(rows), rows=rows[first : first + count])

    return app
