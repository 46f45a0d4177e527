"""Agriculture: a portal of the first years, never rebuilt; it speaks windows-1256 through frames.

Its oddities: a frameset without ``noframes``; menus by ``javascript:__doPostBack(...)``, some pages reached
in no other way; bytes in windows-1256 whose name stands in a meta element, in the header, or nowhere; Arabic
ye and kaf, as that character set has no Persian ye; tables for layout and no viewport; links to missing
pages, an "online services" page that is missing with status 200, and pages under construction; a search box
that fails, a poll whose button does nothing, today's date in the head of stale pages; an e-mail address left
from the template, beside the web studio's own; a log-in for the staff only.

Pages are UTF-8 templates in ``pages/``, news and services stand in ``content.yaml``.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jdatetime
from flask import Flask, Response, abort, redirect, render_template, request, send_from_directory
from ruamel.yaml import YAML
from werkzeug.wrappers import Response as BaseResponse

HERE = Path(__file__).parent
CHARSET = "windows-1256"
PAGES = {page.stem for page in (HERE / "pages").glob("[A-Z]*.html")}
# Where a page's character set is told; a page that is not named here tells it in a meta element.
CHARSET_IN_HEADER = {"News", "Services", "Managers", "Top"}
CHARSET_NOWHERE = {"Links", "Stats", "Counties"}
# What the menus' postbacks name, and where it leads.
MENU = {f"lnk{name}": f"{name}.aspx" for name in PAGES}

_HEADERS = {"X-Powered-By": "ASP.NET", "X-AspNet-Version": "1.1.4322", "Cache-Control": "private"}
# windows-1256 lacks the Persian ye and digits; people typed the Arabic letters and Latin digits instead.
_TYPED = str.maketrans("یک۰۱۲۳۴۵۶۷۸۹", "يك0123456789")


def create_app(today: date, gateway: str) -> Flask:
    """The portal as it stands on the day `today`. `gateway` is not used: fees go to an account number."""
    del gateway
    app = Flask(__name__, static_folder=None, template_folder="pages")
    content = YAML(typ="safe").load((HERE / "content.yaml").read_text(encoding="utf-8"))
    details = {
        "ShowNews": content["news"],
        "ShowService": content["services"],
        "ShowTender": content["tenders"],
    }

    def on_day(days_ago: int) -> str:
        day: str = jdatetime.date.fromgregorian(date=today - timedelta(days=days_ago)).strftime("%Y/%m/%d")
        return day

    def page(name: str, status: int = 200, **values: Any) -> Response:
        declared = "nowhere" if name in CHARSET_NOWHERE else "header" if name in CHARSET_IN_HEADER else "meta"
        clock: str = jdatetime.date.fromgregorian(date=today, locale="fa_IR").strftime("%A %-d %B %Y")
        text = render_template(
            f"{name}.html", name=name, declared=declared, on_day=on_day, clock=clock, **content, **values
        )
        return Response(
            text.translate(_TYPED).encode(CHARSET, "xmlcharrefreplace"),
            status=status,
            content_type=f"text/html; charset={CHARSET}" if declared == "header" else "text/html",
            headers=_HEADERS,
        )

    @app.route("/", methods=["GET", "POST"])
    def root() -> BaseResponse:
        return show("Default")

    @app.route("/<name>.aspx", methods=["GET", "POST"])
    def show(name: str) -> BaseResponse:
        if name not in PAGES:
            abort(404)
        target = request.form.get("__EVENTTARGET", "").rpartition("$")[2]
        if target in MENU:
            return redirect(MENU[target])
        values: dict[str, Any] = {"sent": {key for key in request.form if key.startswith("btn")}}
        if name in details:
            number = request.args.get("id", type=int)
            values["item"] = next((item for item in details[name] if item["id"] == number), None)
            if values["item"] is None:
                abort(404)
        return page(name, **values)

    @app.get("/en/Default.aspx")
    def english() -> Response:
        return page("en")

    @app.get("/files/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(HERE / "files", name)

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\r\nCrawl-delay: 0\r\nDisallow: /admin/\r\n", mimetype="text/plain")

    @app.errorhandler(404)
    def missing(error: Exception) -> Response:
        del error
        return page("missing", status=404)

    return app
