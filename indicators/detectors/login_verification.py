"""login_verification: a log-in to a user account with a check of who enters; the staff's own doors aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from indicators.candidates import LONGEST_NAME, candidates
from indicators.detector import Verdict, absent, detector, found, link_evidence, not_observable, place
from indicators.detectors._forms import (
    asks_for,
    form_shown,
    forms_of,
    frames_of,
    is_called,
    names_of,
    pressed,
)
from indicators.detectors._shared import enters_by_identity
from indicators.page import Anchor, Control, FormView
from indicators.records import Evidence
from indicators.site import PageView, Site
from indicators.vocabulary import Vocabulary

CHECKS = ("password_field", "one_time_code", "captcha", "certificate_login")


class Door(NamedTuple):
    """A place where somebody may enter."""

    page: PageView
    evidence: Evidence
    staff: bool
    public: bool
    """Something says that it is there for the public."""


@detector("login_verification", version=6)
def detect(site: Site, words: Vocabulary) -> Verdict:
    seen_doors = list(doors(site, words))
    public = [door for door in seen_doors if door.public and not door.staff]
    if public:
        public.sort(key=lambda door: not any(words.names("login", n, 0.5) for n in names_of(site, door.page)))
        return found("yes", *[door.evidence for door in public], confidence=0.9)
    elsewhere = next(_doors_elsewhere(site, words), None)
    if elsewhere is not None:
        return found("yes", elsewhere, confidence=0.7)
    unclear = [door for door in seen_doors if not door.staff]
    if unclear:
        return not_observable(f"{unclear[0].page.url}: nothing says for whom the log-in is")
    visited = [place(door.page, "a log-in of the staff") for door in seen_doors]
    seen = {one.url for one in visited}
    visited += [
        place(page, "no log-in with a check of who enters")
        for page in candidates(site, "login")
        if page.url not in seen
    ]
    return absent(site, "login", visited=visited)


def doors(site: Site, words: Vocabulary) -> Iterator[Door]:
    """The log-in forms of the portal."""
    views = {page.id: page for page in site.pages}
    for record in site.all_pages:
        page = views.get(record.id)
        if record.outcome == "login_wall":
            page = PageView(record, site)
        if page is None:
            continue
        for form in forms_of(site, page):
            check = _check(page, form, words, named=is_called(site, page, words, "login", 0.25))
            if check is not None:
                yield Door(
                    page,
                    form_shown(site, page, form, "login_form", check),
                    _is_for_staff(site, page, words),
                    _is_public(site, page, form, words),
                )


def _check(page: PageView, form: FormView, words: Vocabulary, *, named: bool) -> Control | None:
    """The field by which a log-in form checks who enters; None for other forms. A captcha alone guards any
    form: it is a check only where the page or the button speaks of logging in and somebody is named."""
    password = next((c for c in form.controls if c.type == "password"), None)
    if password is not None:
        return password
    if not named and not any(words.names("login", button.norm, 0.4) for button in pressed(form)):
        return None
    if form.has("textarea") or not page.depth:
        return None
    who = any(
        asks_for(words, c, concept)
        for c in form.controls
        for concept in ("national_id_field", "mobile_field")
    )
    check = next(
        (c for concept in CHECKS for c in form.controls if c.tag == "input" and asks_for(words, c, concept)),
        None,
    )
    if check is None and who:  # the code is asked for once it has been sent
        check = next((b for b in pressed(form) if words.names("one_time_code", b.norm, 0.3)), None)
    return check if who or (check is not None and asks_for(words, check, "one_time_code")) else None


def _is_for_staff(site: Site, page: PageView, words: Vocabulary) -> bool:
    """Whether a log-in is that of the staff or of the content managers: its names, address or text say so,
    and nothing there speaks to the public."""
    names = names_of(site, page)
    if any(words.names("public_user", name) for name in names):
        return False
    return (
        words.in_address("staff_login", page.url)
        or any(words.names("staff_login", name) for name in names)
        or bool(page.signing("staff_login"))
    )


def _is_public(site: Site, page: PageView, form: FormView, words: Vocabulary) -> bool:
    """Whether something says that the public may enter: who is addressed, what is asked, or an account that
    anybody can open."""
    if any(words.names("public_user", name) for name in names_of(site, page)):
        return True
    fields = ("national_id_field", "one_time_code", "mobile_field")
    if any(asks_for(words, control, field) for control in form.controls for field in fields):
        return True
    if page.signing("public_user"):
        return True
    return any(
        words.names("open_account", link.norm, 0.5) and site.works(link.url)
        for link in page.links
        if link.visible and link.url
    )


def _doors_elsewhere(site: Site, words: Vocabulary) -> Iterator[Evidence]:
    """Log-ins on other hosts that are the portal's own: embedded in its pages, or in the national system and
    linked as the way in."""
    likely = site.sift(
        address=lambda url: words.gateway_of(url, "identity") is not None or words.in_address("login", url),
        text=lambda text: (
            words.gateway_named(text, "identity") is not None
            or words.names("use_service", text)
            or words.names("services", text)
        ),
    )
    for page in site.pages:
        for frame in frames_of(site, page, words):
            if words.in_address("login", frame.url) and not words.in_address("staff_login", frame.url):
                yield link_evidence(site, page, frame, "login_frame")
        for link in likely(page):
            if _is_single_sign_on(site, link, words) or enters_by_identity(site, page, link):
                yield link_evidence(site, page, link, "single_sign_on")


def _is_single_sign_on(site: Site, link: Anchor, words: Vocabulary) -> bool:
    """Whether a link enters by the national identity: it says so, or leads past that system's front page; or
    it says so and leads to a system of the agency's own."""
    if not link.visible or len(link.text) > LONGEST_NAME or not link.url.startswith("http"):
        return False
    if site.is_own(link.url):
        return False
    if words.gateway_of(link.url, "identity") is None:
        named = words.gateway_named(link.norm, "identity") is not None and words.names("login", link.norm)
        return named and site.is_sibling(link.url)
    enters = words.names("login", link.norm, 0.15) or words.names("login_with", link.norm)
    says = enters and not words.names("staff_login", link.norm)
    return says or words.in_address("single_sign_on", link.url)
