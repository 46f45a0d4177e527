"""How well single answers and pages protect their visitors: each as a share of what they could do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from indicators.quoting import CUT
from indicators.thresholds import threshold

Headers = Sequence[tuple[str, str]]

_SESSION_NAME = re.compile(
    r"sess|^sid$|_sid$|\bsid\b|auth|token|login|logged|user|account|jwt|remember|asp\.?net|laravel|identity",
    re.IGNORECASE,
)
_READ_BY_SCRIPTS = re.compile(r"csrf|xsrf|verification", re.IGNORECASE)
_OPAQUE = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[\w%.+/=~|:-]{24,}")
_NOT_A_SESSION = re.compile(
    r"^(_ga|_gid|_gat|_pk_|_ym|_hj|_clck|_fbp|bigipserver|cookieconsent|lang|culture)", re.I
)

_VERSION = re.compile(r"\d+\.\d+|/\s*v?\d")
_VERSION_HEADERS = ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator")

_ANYWHERE = frozenset(("*", "http:", "https:", "data:", "blob:"))
_SAFE_REFERRERS = frozenset(
    (
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "origin",
        "origin-when-cross-origin",
    )
)


def values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name.lower()]


def first(headers: Headers, name: str) -> str:
    return next(iter(values(headers, name)), "")


# Headers


def hsts(headers: Headers) -> float:
    """Strict-Transport-Security: its max-age, in proportion to the good one."""
    directives = (part.strip().lower() for part in first(headers, "Strict-Transport-Security").split(";"))
    ages = (re.fullmatch(r'max-age\s*=\s*"?(\d+)"?', part) for part in directives)
    seconds = next((int(match[1]) for match in ages if match), 0)
    return min(1.0, seconds / 86_400 / threshold("hsts_least_days"))


def csp(headers: Headers, metas: dict[str, str]) -> float:
    """Content-Security-Policy, in a header or the page: nothing where it lets any script run, part of the
    whole where it lets some run that it cannot tell from an intruder's. A policy that only reports protects
    nobody."""
    policies = [*_policies(headers), *_parsed([metas.get("content-security-policy", "")])]
    return max((_script_limits(policy) for policy in policies), default=0.0)


def _script_limits(policy: dict[str, list[str]]) -> float:
    name = next((n for n in ("script-src-elem", "script-src", "default-src") if n in policy), "")
    if not name:
        return 0.0
    sources = policy[name]
    named = any(source.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for source in sources)
    if "'strict-dynamic'" in sources and named:
        return 1.0
    loose = bool(_ANYWHERE.intersection(sources)) or "'unsafe-eval'" in sources
    return threshold("csp_loose_share") if loose or ("'unsafe-inline'" in sources and not named) else 1.0


def framing(headers: Headers) -> float:
    """Whether other sites are kept from showing the page in a frame."""
    for policy in _policies(headers):
        if "frame-ancestors" in policy:  # where both stand, browsers heed this one
            return float(not _ANYWHERE.intersection(policy["frame-ancestors"]))
    return float(first(headers, "X-Frame-Options").strip().lower() in ("deny", "sameorigin"))


def mime_sniffing(headers: Headers) -> float:
    return float(first(headers, "X-Content-Type-Options").split(",")[0].strip().lower() == "nosniff")


def referrer_policy(headers: Headers, metas: dict[str, str]) -> float:
    said = first(headers, "Referrer-Policy") or metas.get("referrer", "")
    known = [part.strip().lower() for part in said.split(",") if part.strip()]
    return float(bool(known) and known[-1] in _SAFE_REFERRERS)


def _policies(headers: Headers) -> list[dict[str, list[str]]]:
    return _parsed(part for value in values(headers, "Content-Security-Policy") for part in value.split(","))


def _parsed(policies: Iterable[str]) -> list[dict[str, list[str]]]:
    found = []
    for policy in policies:
        directives: dict[str, list[str]] = {}
        for directive in policy.split(";"):
            name, *sources = directive.lower().split() or [""]
            if name:
                directives.setdefault(name, sources)
        if directives:
            found.append(directives)
    return found


def told_versions(headers: Headers) -> Iterator[str]:
    """The header lines that give away the version of a program."""
    for name, value in headers:
        if name.lower() in _VERSION_HEADERS and (_VERSION.search(value) or "version" in name.lower()):
            yield f"{name}: {value}"


def tells_version(generator: str) -> bool:
    return bool(re.search(r"\d+\.\d+", generator))


# Cookies


class Cookie(NamedTuple):
    """A cookie as it was set; `quoted` is its line without the value, which is nobody's business."""

    name: str
    share: float
    """Of the flags that it should have."""
    quoted: str


def session_cookie(line: str) -> Cookie | None:
    """The cookie that a Set-Cookie header sets, if it is of those that tell who somebody is."""
    pair, *attributes = (part.strip() for part in line.split(";"))
    name, _, value = pair.partition("=")
    kept = {
        key.lower(): told.strip().lower() for key, _, told in (part.partition("=") for part in attributes)
    }
    own = bool(_SESSION_NAME.search(name) or _READ_BY_SCRIPTS.search(name) or _OPAQUE.fullmatch(value))
    if not name or not value or not own or _NOT_A_SESSION.match(name):
        return None
    flags = [
        "secure" in kept,
        kept.get("samesite") in ("lax", "strict") or (kept.get("samesite") == "none" and "secure" in kept),
    ]
    if not _READ_BY_SCRIPTS.search(name):
        flags.append("httponly" in kept)
    shown = (
        CUT.join((f"Set-Cookie: {name}=", "; ".join(attributes))) if attributes else f"Set-Cookie: {name}="
    )
    return Cookie(name, sum(flags) / len(flags), shown)


# Markup

_LOADED = {
    "script": ("src",), "iframe": ("src",), "frame": ("src",), "embed": ("src",), "object": ("data",),
    "img": ("src",), "audio": ("src",), "video": ("src", "poster"), "source": ("src",), "track": ("src",),
    "input": ("src",), "form": ("action",), "button": ("formaction",),
}  # fmt: skip
_LOADING_LINKS = frozenset(("stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"))


class Resource(NamedTuple):
    """Something that a page loads, or where it posts to; `written` is the address as it stands there."""

    element: Any
    url: str
    written: str


def resources(root: Any, base: str) -> Iterator[Resource]:
    for element in root.iter(*_LOADED, "link"):
        names = _LOADED.get(element.tag, ())
        if element.tag == "link" and _LOADING_LINKS.intersection((element.get("rel") or "").lower().split()):
            names = ("href",)
        for name in names:
            written = (element.get(name) or "").strip()
            if written:
                try:
                    yield Resource(element, urljoin(base, written), written)
                except ValueError:
                    continue


def is_plain(resource: Resource) -> bool:
    """Whether it is asked for, or posted to, without encryption."""
    return resource.url.lower().startswith("http://")


def is_unchecked_script(resource: Resource) -> bool:
    """Whether it is a script that the browser runs whatever has become of it."""
    return resource.element.tag == "script" and not (resource.element.get("integrity") or "").strip()


def host_of_resource(resource: Resource) -> str:
    try:
        return (urlsplit(resource.url).hostname or "").lower()
    except ValueError:
        return ""
