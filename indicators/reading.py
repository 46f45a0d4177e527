"""The one walk over a page that takes its facts.

It goes over the parsed page as lxml writes it out again, tag by tag: a text in which every element is closed
and every sign escaped, and far quicker to go through than a tree of objects. What menus, headers and footers
show is taken once: where the same markup comes again on another page, so do its facts.
"""

from __future__ import annotations

import itertools
import re
import sys
from functools import cached_property
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

from crawler.capture import Area
from crawler.text import fold_space
from indicators.headings import Look, with_headings
from indicators.markup import HOST, Base, Tag, area_within, heads_a_part, plain, reach_of, tag_of
from indicators.page import (
    Anchor,
    Block,
    Control,
    Facts,
    FormView,
    Hidden,
    Image,
    Mark,
    Stamp,
    Tree,
)

MAX_DEPTH = 200
"""Elements nested deeper than this are not looked at: no reader sees them, only crafted pages have them."""

LARGEST_TEXT = 20_000
"""Characters of one block that are kept."""

MOST_OPTIONS = 100

BESIDE_FIELD = 400
"""Characters of markup before a field in which the line that says what to enter may stand."""

_LABELLED_BEHIND = frozenset(("radio", "checkbox", "submit", "button", "reset", "image"))
_LINE = re.compile(">([^<>]*)(?=<)")

SMALLEST_PART, LARGEST_PART = 200, 50_000
"""Characters of markup that are remembered together with what they show."""

MOST_REMEMBERED = 1_000_000
"""Characters of markup that are remembered at a time."""

OPENING = 80
"""First characters by which remembered markup is found."""

MOST_ALIKE = 4
"""Parts with the same first characters that are remembered: what begins alike and goes on in yet another way
is the page's own."""

_TOKEN = re.compile("([^<]*)<([^>]*)>")
_TAG = re.compile("<([^>]*)>")
_OPTION = re.compile(r"<(option(?=[ />])[^>]*)>")
_PICTURE = re.compile(r"<((?:img|input)(?=[ />])[^>]*)>")
"""What shows a link's words without being text: an image, a drawn button."""
_PANELS = frozenset(("div", "ul", "ol", "nav", "section"))
_CONTROLLED = re.compile(r'="#([^"]+)"| aria-controls="([^"]+)"')
_TO_PANEL = re.compile(r'<a [^>]*?href="#([^"]+)"')
_USEFUL = {"alternate", "canonical", "manifest", "search", "license"}
_SENDS_NOTHING = re.compile(r"\s*(?:javascript:)?\s*return\s+false\s*;?\s*", re.I)


_new = tuple.__new__
"""Makes a named tuple of its values at half the price."""


def read_page(html: str, url: str) -> Facts:
    """The facts of one page. `url` is its final address, against which its links are resolved."""
    return read_tree(Tree(html), url)


def read_tree(tree: Tree, url: str, known: Known | None = None) -> Facts:
    """The facts of a page that is parsed already. `known` is shared by the pages of a portal."""
    walk = _Walk(url, Known() if known is None else known)
    if tree.root is not None:
        walk.read(tree.root)
    return walk.facts()


class _Place(NamedTuple):
    """Where the walk is: the block-level element that text belongs to now."""

    tag: str
    level: int
    node: int
    area: Area
    settled: bool
    """True inside what the page itself marks as its main part: a header in there is not the site's."""
    hidden: bool


class _Open(NamedTuple):
    """An element whose end means something."""

    tag: Tag
    at: int
    """Where its content begins in the markup."""
    node: int
    mark: str
    reverse: int
    """Index of the text from which on it is shown backwards, -1 for none."""
    link: int
    """Its index among the links, -1 for none."""
    inside: _Place
    started: int
    """Texts of the open block before it."""
    written: int
    """Blocks before it."""
    controls: list[Control] | None
    """Those of the form around this form; None for what is no form."""


class _Sizes(NamedTuple):
    """How much was found so far."""

    blocks: int
    hidden: int
    links: int
    images: int
    stamps: int
    emails: int
    marks: int
    looks: int


class _Part(NamedTuple):
    """The content of an element, with its end tag, and all that it shows. Its numbers are those of the page
    on which it was seen first."""

    markup: str
    context: tuple[Any, ...]
    """What else decides on what it shows: the element around it, how deep it lies."""
    bases: tuple[str, ...]
    """The addresses that went into those of its links."""
    node: int
    """Number of the element that holds it."""
    elements: int
    """How many are in it."""
    first: int
    """Number of its first block."""
    blocks: tuple[Block, ...]
    hidden: tuple[Hidden, ...]
    links: tuple[Anchor, ...]
    images: tuple[Image, ...]
    stamps: tuple[Stamp, ...]
    emails: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...]
    looks: tuple[Look, ...]
    microdata: bool

    def fits(self, source: str, at: int, context: tuple[Any, ...], bases: tuple[str, ...]) -> bool:
        """Whether the part stands in the markup at this place, and shows the same there."""
        return (
            source.startswith(self.markup, at)
            and self.context == context
            and self.bases == bases[: len(self.bases)]
        )


class Known:
    """Parts of a portal's pages with what they show; those met last, as far as memory allows."""

    def __init__(self) -> None:
        self._parts: dict[str, list[_Part]] = {}
        self._characters = 0

    def alike(self, source: str, at: int) -> list[_Part] | None:
        """The parts that begin like the markup at this place; None where nothing ever did."""
        opening = source[at : at + OPENING]
        alike = self._parts.pop(opening, None)
        self._parts[opening] = [] if alike is None else alike
        if alike is None:
            self._grow(OPENING)
        return alike

    def keep(self, part: _Part) -> None:
        self._parts.setdefault(part.markup[:OPENING], []).append(part)
        self._grow(len(part.markup))

    def _grow(self, characters: int) -> None:
        self._characters += characters
        while self._characters > MOST_REMEMBERED:
            oldest = self._parts.pop(next(iter(self._parts)))
            self._characters -= OPENING + sum(len(part.markup) for part in oldest)


class _Begun(NamedTuple):
    """An element whose content may be remembered."""

    at: int
    node: int
    context: tuple[Any, ...]
    sizes: _Sizes
    fields: int
    reach: int
    microdata: bool


_LEADS_LATER = Anchor("", "", "", "", "main", -1, 0, "", "", "", False)
"""Holds the place of a link whose text is not read yet."""


class _Walk:
    """The one walk over a page."""

    def __init__(self, url: str, known: Known) -> None:
        self.base = Base(url)
        self.known = known
        self.source = ""
        self.count = 0
        self.blocks: list[Block] = []
        self.hidden: list[Hidden] = []
        self.links: list[Anchor] = []
        self.forms: list[FormView] = []
        self.images: list[Image] = []
        self.stamps: list[Stamp] = []
        self.emails: list[tuple[str, int]] = []
        self.marks: list[Mark] = []
        self.looks: list[Look] = []
        self.microdata = False
        self.metas: dict[str, str] = {}
        self.json_ld: list[str] = []
        self.title = self.lang = self.direction = ""
        self._stack: list[tuple[_Place, _Open | _Begun | None]] = []
        self._text: list[str] = []  # of the block that is open, as it is written in the markup
        self._look: tuple[str, int] | None = None  # of the element that holds its first so many texts
        self._captions: dict[str, str] = {}  # <label for=...>
        self._around: dict[int, str] = {}  # words of the labels that stand around fields
        self._controls: list[Control] = []  # of the form that is open
        self._loose: list[Control] = []
        self._last_field = 0  # where the content of the field before begins
        self._fields = 0  # controls and forms so far
        self._within_forms = 0
        self._reach = HOST  # the furthest since the part began that may be remembered

    def read(self, root: Any) -> None:
        self._head(root)
        self.source = etree.tostring(root, encoding="unicode", with_tail=False)
        self._elements()

    def facts(self) -> Facts:
        if self._loose:
            self.forms.append(FormView("", "", "", "main", self._loose[0].node, tuple(self._loose), "", ""))
        last = max(len(self.blocks) - 1, 0)
        for index in range(len(self.links) - 1, -1, -1):
            link = self.links[index]
            if link.block <= last:
                break
            self.links[index] = link._replace(block=last)
        return Facts(
            self.title,
            self.lang,
            self.direction,
            with_headings(self.blocks, self.looks),
            tuple(self.hidden),
            tuple(self.links),
            tuple(self.forms),
            tuple(self.images),
            tuple(self.stamps),
            self.metas,
            tuple(self.json_ld),
            tuple(self.emails),
            tuple(self.marks),
            self.microdata,
        )

    def _head(self, root: Any) -> None:
        """What the page says about itself, wherever in the document it stands."""
        self.lang = (root.get("lang") or root.get("xml:lang") or "").strip().lower()
        self.direction = (root.get("dir") or "").lower()
        for element in root.iter("base", "title", "meta", "script", "link", "label"):
            tag = element.tag
            if tag == "meta":
                name = element.get("name") or element.get("property") or element.get("http-equiv")
                if name and element.get("content"):
                    self.metas.setdefault(name.strip().lower(), fold_space(element.get("content"))[:1000])
            elif tag == "link":
                self._head_link(element)
            elif tag == "script":
                if (element.get("type") or "").strip().lower() == "application/ld+json" and element.text:
                    self.json_ld.append(element.text[:50_000])
            elif tag == "label":
                if element.get("for"):
                    self._captions.setdefault(element.get("for"), _shortened("".join(element.itertext())))
            elif tag == "title":
                self.title = self.title or _shortened("".join(element.itertext()), 500)
            elif element.get("href"):
                self.base = Base(self.base.join(element.get("href")) or self.base.url)

    def _head_link(self, element: Any) -> None:
        rel = (element.get("rel") or "").lower()
        if element.get("href") and _USEFUL & set(rel.split()):
            href = element.get("href").strip()
            title = element.get("title") or ""
            lang = (element.get("hreflang") or "").lower()
            url = self.base.join(href)
            self.links.append(
                Anchor(url, href, title, element.get("type") or "", "header", -1, 0, "link", rel, lang, False)
            )

    def _elements(self) -> None:
        """Goes over the markup; after a leap over what need not be looked at, from there on."""
        source, stack, text = self.source, self._stack, self._text
        here = _Place("html", 0, 0, "main", False, False)
        # Two elements side by side are two things to a reader, however they are styled; so are a link and
        # the words right behind it.
        beside = behind_link = False
        at, end = 0, len(source)
        while at < end:
            for token in _TOKEN.finditer(source, at):
                before, markup = token.groups()
                if before and (text or not before.isspace()):
                    if behind_link and before[0].isalnum():
                        text.append(" ")
                    text.append(before)
                if markup[0] == "/":
                    behind_link = markup == "/a"
                else:
                    if beside and text and not before:
                        text.append(" ")
                    tag = tag_of(markup)
                    if tag.plain and len(stack) <= MAX_DEPTH:
                        stack.append((here, None))
                        self.count += 1
                    else:
                        inside, opened, leap = self._begin(tag, here, token.end())
                        if leap:
                            beside, behind_link = True, tag.name == "a"
                            at = leap
                            break
                        stack.append((here, opened))
                        here = inside
                    if not tag.empty:
                        beside = behind_link = False
                        continue
                    behind_link = tag.name == "a"
                beside = True
                outer, opened = stack.pop()
                if opened is not None:
                    self._end(opened, here, outer, token.end() - len(markup) - 2, token.end())
                elif here is not outer and text:
                    self._flush(here)
                here = outer
            else:
                return

    def _begin(self, tag: Tag, place: _Place, at: int) -> tuple[_Place, _Open | _Begun | None, int]:
        """Where the content of an element stands that begins at `at`, and what its end needs to know. The
        last is where to go on if the element is done with already, else 0."""
        node = self.count
        self.count += 1
        if tag.part == "invisible" or len(self._stack) > MAX_DEPTH:
            return place, None, self._leap(tag, at)
        outer, settled, hidden = place.area, place.settled, place.hidden
        area = outer
        mark, said = "", tag.said
        if said is not None:
            hidden = hidden or (said.hides and not self._opens(tag, place, at))
            mark = said.mark or ("current" if said.present and outer in ("menu", "header") else "")
            self.microdata = self.microdata or said.microdata
            if said.own is not None and not (heads_a_part(tag) and self._is_in_section(place)):
                area, settled = area_within(said.own, area, settled)
            if said.email is not None:
                self.emails.append((said.email, len(self.blocks)))
        here = place
        if tag.block or hidden != place.hidden:
            if self._text:
                self._flush(place)
            here = _new(_Place, (tag.name, tag.level, node, area, settled, hidden))
        if tag.part or mark or tag.look or (said is not None and said.reverses):
            return self._special(tag, place, here, node, mark, at)
        if tag.container and not tag.empty and (alike := self.known.alike(self.source, at)) is not None:
            context = here.tag, here.area, here.settled, here.hidden, len(self._stack)
            for part in alike:
                if part.fits(self.source, at, context, self.base.reaches):
                    self._replay(part, node)
                    return place, None, at + len(part.markup)
            if len(alike) < MOST_ALIKE:
                begun = _Begun(at, node, context, self._sizes(), self._fields, self._reach, self.microdata)
                self._reach, self.microdata = HOST, False
                return here, begun, 0
        return here, None, 0

    def _opens(self, tag: Tag, place: _Place, at: int) -> bool:
        """Whether an element that is hidden at first opens by the page's own controls: a submenu, the panel
        of a tab or what holds tabs until a script lays them out."""
        if tag.given.get("id", "") in self._controlled:
            return True
        if tag.empty or tag.name not in _PANELS:
            return False
        inside = self.source[at : min(self._until(tag, at), at + LARGEST_PART)]
        if place.tag == "li":
            return "<a " in inside
        panels = set(_TO_PANEL.findall(inside))
        return len(panels) > 1 and all(f' id="{panel}"' in inside for panel in panels)

    @cached_property
    def _controlled(self) -> frozenset[str]:
        """The ids that a link or control of the page refers to."""
        return frozenset(name for pair in _CONTROLLED.findall(self.source) for name in pair if name)

    def _is_in_section(self, place: _Place) -> bool:
        return place.tag == "section" or any(outer.tag == "section" for outer, _ in self._stack)

    def _special(
        self, tag: Tag, place: _Place, here: _Place, node: int, mark: str, at: int
    ) -> tuple[_Place, _Open | None, int]:
        """The same of an element that is more than a box of text; `place` is around it, `here` in it."""
        reverse = len(self._text) if tag.said is not None and tag.said.reverses else -1
        link, controls = -1, None
        if tag.part == "control":
            self._control(tag, node, at)
            if tag.name != "button":
                return place, None, self._leap(tag, at)
        elif tag.link is not None:
            link = len(self.links)
            self.links.append(_LEADS_LATER)
            self._reach = max(self._reach, tag.link.reach)
        elif tag.part == "form":
            controls, self._controls = self._controls, []
            self._fields += 1
            self._within_forms += 1
        elif tag.part and tag.part != "label":
            self._single(tag, node, here)
            if not mark and not tag.look and reverse < 0:
                return here, None, 0
        started, written = len(self._text), len(self.blocks)
        values = (tag, at, node, mark, reverse, link, here, started, written, controls)
        return here, _new(_Open, values), 0

    def _end(self, opened: _Open | _Begun, here: _Place, outer: _Place, until: int, behind: int) -> None:
        """The end of an element whose content ends at `until`, and its end tag at `behind`."""
        if isinstance(opened, _Begun):
            if self._text:
                self._flush(here)
            self._remember(opened, behind)
            return
        if opened.mark:
            self.marks.append(Mark(opened.mark, opened.node, self.count))
        if opened.reverse >= 0 and len(self.blocks) == opened.written:
            shown = plain("".join(self._text[opened.reverse :]))[::-1]
            self._text[opened.reverse :] = [escape(shown)]
        if opened.link >= 0:
            self._close_link(opened, until)
        if here is not outer and self._text:
            self._flush(here)
        if opened.tag.look:
            if len(self.blocks) == opened.written + 1:
                self.looks.append(Look(opened.written, opened.tag.look))
            elif len(self.blocks) == opened.written and not opened.started:
                self._look = opened.tag.look, len(self._text)
        if opened.controls is not None:
            self._close_form(opened)
            self._controls = opened.controls
            self._within_forms -= 1

    def _leap(self, tag: Tag, at: int) -> int:
        """Behind the end of the element whose content begins at `at`. What is in it counts."""
        if tag.empty:
            return at
        until = self._until(tag, at)
        self.count += self.source.count("<", at, until) - self.source.count("</", at, until)
        return until + len(tag.name) + 3

    def _until(self, tag: Tag, at: int) -> int:
        """Where the content that begins at `at` ends."""
        if tag.empty:
            return at
        until = self.source.index(f"</{tag.name}>", at)
        if self.source.find(f"<{tag.name}", at, until) < 0:
            return until
        depth = 1  # perhaps others of its kind are in it
        kind = re.compile(f"<(/?){re.escape(tag.name)}(?=[ />])[^>]*?(/?)>")
        for token in kind.finditer(self.source, at):
            if token[1]:
                depth -= 1
                if not depth:
                    return token.start()
            elif not token[2]:
                depth += 1
        return len(self.source)

    def _words(self, at: int, until: int, most: int = 200) -> str:
        """The text in a stretch of the markup, as it stands there."""
        return _shortened(plain(_TAG.sub("", self.source[at:until])), most)

    def _flush(self, place: _Place) -> None:
        """Write the open text as a block of `place`."""
        text = " ".join(plain("".join(self._text)).split())
        look, self._look = self._look, None
        whole = look is not None and not "".join(self._text[look[1] :]).strip()
        self._text.clear()
        if not text:
            return
        shown = sys.intern(text[:LARGEST_TEXT])
        block = _new(Block, (shown, place.tag, place.area, place.node, place.level))
        if place.hidden:
            self.hidden.append(Hidden(len(self.blocks), block))
            return
        if look is not None and whole:
            self.looks.append(Look(len(self.blocks), look[0]))
        self.blocks.append(block)

    def _close_link(self, opened: _Open, until: int) -> None:
        leads = opened.tag.link
        assert leads is not None
        if len(self.blocks) == opened.written:
            text = " ".join(plain("".join(self._text[opened.started :])).split())
        else:  # blocks inside the link
            text = " ".join(plain(_TAG.sub(" ", self.source[opened.at : until])).split())
        if not text:
            image = _PICTURE.search(self.source, opened.at, until)
            given = tag_of(image[1]).given if image else {}
            alt = given.get("alt") or given.get("title") or given.get("value")
            text = fold_space(alt) if alt else leads.instead
        place = opened.inside
        url, shown = self.base.join(leads.href, leads.reach), sys.intern(text[:500])
        where = (place.area, opened.node, opened.written, opened.tag.name)
        self.links[opened.link] = _new(
            Anchor, (url, leads.href, shown, leads.title, *where, leads.rel, leads.lang, not place.hidden)
        )

    def _single(self, tag: Tag, node: int, place: _Place) -> None:
        """An element that is something by itself: a line break, an image, a time, a frame."""
        given = tag.given
        if tag.part == "br":
            self._text.append(" ")
        elif tag.part == "img":
            alt, src = given.get("alt", ""), given.get("src") or given.get("data-src") or ""
            if alt or src:
                self.images.append(Image(fold_space(alt)[:300], sys.intern(src[:300]), node))
        elif tag.part == "time":
            if given.get("datetime"):
                self.stamps.append(Stamp(given["datetime"].strip()[:40], node, len(self.blocks)))
        elif tag.part == "frame" and (href := given.get("src", "").strip()):
            title = fold_space(given.get("title") or given.get("name") or "")
            reach = reach_of(href)
            self._reach = max(self._reach, reach)
            url, area, visible = self.base.join(href, reach), place.area, not place.hidden
            self.links.append(
                Anchor(url, href, title, "", area, node, len(self.blocks), tag.name, "", "", visible)
            )

    def _control(self, tag: Tag, node: int, at: int) -> None:
        name, get = tag.name, tag.given.get
        kind = name
        if name in ("input", "button"):
            kind = (get("type") or ("submit" if name == "button" else "text")).lower()
        if kind == "hidden":
            return
        self._fields += 1
        label = self._captions.get(get("id", "")) or get("aria-label") or get("placeholder") or ""
        if not label and name != "button":
            label = self._label_around()
        if kind in ("submit", "button", "reset", "image"):
            shown = self._words(at, self._until(tag, at)) if name == "button" else get("value") or get("alt")
            label = label or shown or ""
        label = label or get("title") or ""
        options = self._options(at, self._until(tag, at)) if name == "select" else ()
        marks = " ".join(
            filter(None, (get("id"), get("class"), get("role"), get("autocomplete"), get("formaction")))
        )
        before = "" if label or kind in _LABELLED_BEHIND else self._line_before(at)
        self._last_field = at
        control = Control(name, kind, get("name", ""), fold_space(label)[:200], options, node, marks, before)
        (self._controls if self._within_forms else self._loose).append(control)

    def _line_before(self, at: int) -> str:
        """The last line of text before the field whose content begins at `at`, behind the field before."""
        begin = max(self._last_field, at - BESIDE_FIELD)
        begin = max(
            begin, self.source.rfind("</select", begin, at), self.source.rfind("</textarea", begin, at)
        )
        lines = (fold_space(plain(line)) for line in reversed(_LINE.findall(self.source, begin, at)))
        return next((line for line in lines if any(map(str.isalpha, line))), "")[:100]

    def _label_around(self) -> str:
        """The words of the <label> in which the field stands that begins now."""
        for _, opened in reversed(self._stack):
            if isinstance(opened, _Open) and opened.tag.name == "label":
                if opened.at not in self._around:
                    self._around[opened.at] = self._words(opened.at, self._until(opened.tag, opened.at))
                return self._around[opened.at]
        return ""

    def _options(self, at: int, until: int) -> tuple[str, ...]:
        found = itertools.islice(_OPTION.finditer(self.source, at, until), MOST_OPTIONS)
        each = ((tag_of(option[1]), option.end()) for option in found)
        return tuple(self._words(begins, self._until(tag, begins), 100) for tag, begins in each)

    def _close_form(self, opened: _Open) -> None:
        get = opened.tag.given.get
        text = " ".join(block.text for block in self.blocks[opened.written :])[:3000]
        action = get("action", "").strip()
        marks = " ".join(filter(None, (get("id"), get("class"), get("role"), get("name"))))
        self.forms.append(
            FormView(
                "form",
                self.base.join(action) if action else "",
                (get("method") or "get").lower(),
                opened.inside.area,
                opened.node,
                tuple(self._controls),
                text,
                marks,
                action in ("", "#") and bool(_SENDS_NOTHING.fullmatch(get("onsubmit", ""))),
            )
        )

    # What was seen before

    def _sizes(self) -> _Sizes:
        return _Sizes(
            len(self.blocks),
            len(self.hidden),
            len(self.links),
            len(self.images),
            len(self.stamps),
            len(self.emails),
            len(self.marks),
            len(self.looks),
        )

    def _remember(self, begun: _Begun, behind: int) -> None:
        """Keeps what the content shows that ends here, unless it has fields, which labels elsewhere name."""
        reach, microdata = self._reach, self.microdata
        self._reach, self.microdata = max(reach, begun.reach), microdata or begun.microdata
        if self._fields != begun.fields or not SMALLEST_PART <= behind - begun.at <= LARGEST_PART:
            return
        sizes = begun.sizes
        self.known.keep(
            _Part(
                self.source[begun.at : behind],
                begun.context,
                self.base.reaches[: reach + 1],
                begun.node,
                self.count - begun.node - 1,
                sizes.blocks,
                tuple(self.blocks[sizes.blocks :]),
                tuple(self.hidden[sizes.hidden :]),
                tuple(self.links[sizes.links :]),
                tuple(self.images[sizes.images :]),
                tuple(self.stamps[sizes.stamps :]),
                tuple(self.emails[sizes.emails :]),
                tuple(self.marks[sizes.marks :]),
                tuple(self.looks[sizes.looks :]),
                microdata,
            )
        )

    def _replay(self, part: _Part, node: int) -> None:
        """Takes over what a part shows that was seen before, under this page's numbers."""
        on, down = node - part.node, len(self.blocks) - part.first
        self.count += part.elements
        self.microdata = self.microdata or part.microdata
        self._reach = max(self._reach, len(part.bases) - 1)
        if not on and not down:
            self.blocks += part.blocks
            self.hidden += part.hidden
            self.links += part.links
            self.images += part.images
            self.stamps += part.stamps
            self.emails += part.emails
            self.marks += part.marks
            self.looks += part.looks
            return
        self.blocks += [
            _new(Block, (text, tag, area, n + on, level)) for text, tag, area, n, level in part.blocks
        ]
        self.hidden += [Hidden(before + down, b._replace(node=b.node + on)) for before, b in part.hidden]
        self.links += [
            _new(Anchor, (*link[:5], link[5] + on, link[6] + down, *link[7:])) for link in part.links
        ]
        self.images += [Image(alt, src, n + on) for alt, src, n in part.images]
        self.stamps += [Stamp(value, n + on, block + down) for value, n, block in part.stamps]
        self.emails += [(address, block + down) for address, block in part.emails]
        self.marks += [Mark(kind, n + on, end + on) for kind, n, end in part.marks]
        self.looks += [Look(block + down, look) for block, look in part.looks]


def _shortened(text: str, most: int = 200) -> str:
    return " ".join(text.split())[:most]
