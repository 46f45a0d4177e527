"""What things are called: words per language, networks, stores and gateways, read from the YAML beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.datafile import FieldsError, Problem, load_yaml
from crawler.text import AFTER, BEFORE, SPACED, WORD, is_unspaced, normalize
from indicators.vocabulary.prefilter import Prefilter

FOLDER = Path(__file__).parent
NOT_LANGUAGES = frozenset(("networks", "stores", "gateways", "filler", "language_names", "countries"))

SHORTEST_STEM = 3
"""Letters that a word must have left for what it begins with to be an article."""

ALWAYS = frozenset(("fa", "ar", "en"))
"""Languages whose words count on every portal: they were chosen so that they do not disturb one another."""

Strings = tuple[str, ...]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Concept(_Data):
    """What one concept is called in one language.

    `words` name it in links, titles and headings; `text` are signs of it in running text; `slugs` are
    parts of addresses; `never` are names that contain a word and mean something else. A half-space
    or an underscore in a word may be written or left out; a ``*`` at the beginning or end of one of its words
    stands for anything: "государственн* закуп*", "*straße".
    """

    words: Strings = ()
    text: Strings = ()
    slugs: Strings = ()
    never: Strings = ()


class Months(_Data):
    gregorian: tuple[Strings, ...] = Field(default=(), max_length=12)
    jalali: tuple[Strings, ...] = Field(default=(), max_length=12)
    hijri: tuple[Strings, ...] = Field(default=(), max_length=12)


class DateWords(_Data):
    """Words and endings that may stand within a written date without changing it: "the 3`rd` `of` March",
    «۱۲ آذر`ماه` `سال` ۱۴۰۴», "12 Mart 2025`'te`"."""

    after_day: Strings = ()
    before_month: Strings = ()
    after_month: Strings = ()
    before_year: Strings = ()
    after_year: Strings = ()
    figures: Strings = ()
    """Dates in figures, with words between them: "{y}年{m}月{d}日"; {y+1911} counts from another year."""


class Language(_Data):
    """A language's file. `prefixes` and `suffixes` may stand glued to a word without changing what it
    names; `region` is where telephone numbers without a country code are taken to be if nothing else
    tells."""

    language: str
    region: str = ""
    prefixes: Strings = ()
    suffixes: Strings = ()
    article: str = ""
    """Glued to every word of a phrase that is definite, and to none of one that is not: a phrase of several
    words is listed one way and found both ways."""
    unspaced: bool = False
    """Whether its words stand side by side without spaces."""
    calendar: str = Field(default="gregorian", pattern="^(gregorian|jalali)$")
    """The calendar of dates that are written with the last two digits of the year."""
    months: Months = Months()
    dates: DateWords = DateWords()
    ago: dict[str, Strings] = {}
    """``days``, ``weeks`` ...: phrases with ``#`` for the number, as in "# days ago"."""
    at: Strings = ()
    """What stands for @ in an address that is hidden from machines, as in "info (at) ..."."""
    dot: Strings = ()
    """The same for its dots."""
    particles: Strings = ()
    """Words in small letters within people's names: "van der", "i"."""
    person: str = Field(default="(?!)", min_length=1)
    """A person's name, as a regular expression on the text without its spaces, where names have none."""
    postcodes: Strings = ()
    """Postal codes beside the name of the place, as regular expressions on the text as written."""
    concepts: dict[str, Concept]


class Network(_Data):
    """A public network. `account` matches the address of an account or channel, `share` that of a share
    button, both searched in host and path without the scheme; whatever is neither is the network's own."""

    name: str
    origin: str = Field(pattern="^(foreign|iranian)$")
    account: Strings
    share: Strings = ()
    never: Strings = ()
    """Paths that look like an account and are the network's own pages."""
    person: Strings = ()
    """Accounts of persons, not of bodies."""


class Networks(_Data):
    networks: dict[str, Network]


class Store(_Data):
    """Where applications are offered; `app` matches the address of one application."""

    name: str
    system: str = Field(pattern="^(android|ios|windows|web|huawei|any)$")
    app: Strings


class Stores(_Data):
    stores: dict[str, Store]
    files: dict[str, str]
    """Ending of a package file -> operating system."""


class Gateway(_Data):
    """A system known by its role. `hosts` are host names (sub-hosts too), `words` its names; `path` begins
    its addresses where a host serves other things as well."""

    name: str
    role: str
    country: str
    hosts: Strings = ()
    path: str = ""
    words: Strings = ()


class PublicHosts(_Data):
    """Hosts of public bodies: by ending (``gov.ir``), by a label before the country (``gob`` in gob.mx), by
    name, by what a label is or begins with (``comune`` in comune.roma.it, ``ac-*`` in ac-lille.fr)."""

    endings: Strings
    labels: Strings
    bodies: Strings
    labels_in: dict[str, Strings]

    def tells_by_label(self, labels: list[str]) -> bool:
        rules = self.labels_in.get(labels[-1], ())
        return any(
            label.startswith(rule[:-1]) if rule.endswith("*") else label == rule and len(labels) > 2
            for rule in rules
            for label in labels[:-1]
        )


class Gateways(_Data):
    roles: dict[str, str]
    gateways: dict[str, Gateway]
    public_hosts: PublicHosts

    @model_validator(mode="after")
    def _roles_are_known(self) -> Gateways:
        wrong = [
            Problem(("gateways", key, "role"), f"'{gateway.role}' is not among the roles", "add it there")
            for key, gateway in self.gateways.items()
            if gateway.role not in self.roles
        ]
        if wrong:
            raise FieldsError(wrong)
        return self


class Filler(_Data):
    """What templates put where content should be."""

    email_domains: Strings
    emails: Strings
    email_names: Strings
    """What stands before the @ where a template says what belongs there (``name.surname``)."""
    phones: Strings
    text: Strings
    webmail: Strings
    """Public mailbox providers: an address there may still be the agency's own."""


class LanguageNames(_Data):
    names: dict[str, Strings]
    """Language code -> what the language is called, by itself and by others."""


class Match(NamedTuple):
    """Where a concept is named in a normalised text; `share` is the part of the text it takes, 0 to 1."""

    start: int
    end: int
    share: float


class Vocabulary:
    """All files together. Texts are given in normalised form (`crawler.text.normalize`)."""

    def __init__(
        self,
        languages: dict[str, Language],
        networks: Networks,
        stores: Stores,
        gateways: Gateways,
        filler: Filler,
        language_names: LanguageNames,
        concepts: frozenset[str] = frozenset(),
    ) -> None:
        self._files = (networks, stores, gateways, filler, language_names)
        self._within: dict[tuple[frozenset[str], frozenset[str]], Vocabulary] = {}
        self.calendars = frozenset(language.calendar for language in languages.values())
        """The calendars of the languages that are spoken here."""
        self.languages = languages
        self.networks = {key: _NetworkRules(network) for key, network in networks.networks.items()}
        self.stores = stores
        self.gateways = gateways
        self.filler = filler
        names = sorted(concepts.union(*(language.concepts for language in languages.values())))
        self.concepts: dict[str, _ConceptRules] = {
            name: _ConceptRules(
                place, [(lang, lang.concepts[name]) for lang in languages.values() if name in lang.concepts]
            )
            for place, name in enumerate(names)
        }
        self._language_names = sorted(language_names.names.items())
        self._known_addresses: dict[str, _NetworksAt] = {}
        self._known_hosts: dict[str, bool] = {}
        self._public_names = frozenset((*gateways.public_hosts.endings, *gateways.public_hosts.bodies))
        self._known_gateways: dict[str, tuple[tuple[str, Gateway], ...]] = {}
        self._gateways = list(gateways.gateways.items())
        self._gateways_by_host: dict[str, list[tuple[str, Gateway]]] = {}
        for key, gateway in self._gateways:
            for host in gateway.hosts:
                self._gateways_by_host.setdefault(host, []).append((key, gateway))
        self._store_rules = [
            (key, store, _addresses(store.app)) for key, store in sorted(stores.stores.items())
        ]
        apps = [pattern for store in stores.stores.values() for pattern in store.app]
        self._anywhere = _addresses((*(h for rules in self.networks.values() for h in rules.hosts), *apps))
        """Matches the addresses of every network and store."""
        self._filler_text = Prefilter([map(normalize, filler.text)])
        self._filler_emails = {normalize(e) for e in filler.emails}

    # Made when first asked for: of the words of all languages it takes long, and portals ask those of few.

    @cached_property
    def _in_names(self) -> Prefilter:
        return Prefilter([rule.keys("words") for rule in self.concepts.values()])

    @cached_property
    def _in_texts(self) -> Prefilter:
        return Prefilter([rule.keys("words", "text") for rule in self.concepts.values()])

    @cached_property
    def _in_addresses(self) -> Prefilter:
        return Prefilter([_slug_keys(rule.slugs) for rule in self.concepts.values()])

    @cached_property
    def _in_switches(self) -> Prefilter:
        return Prefilter([_keys(names) for _, names in self._language_names])

    @cached_property
    def _in_gateways(self) -> Prefilter:
        return Prefilter([_keys(gateway.words) for _, gateway in self._gateways])

    def within(self, languages: Iterable[str]) -> Vocabulary:
        """The same with the words of these languages and of those that `ALWAYS` count, without the others:
        what names one thing in one language often names another in the next. All languages where none of
        these is known."""
        known = frozenset(self.languages) & frozenset(languages)
        if not known:
            return self
        calendars = frozenset(self.languages[code].calendar for code in known)
        key = (known | ALWAYS, calendars)  # most portals share one, with the patterns made for it
        if key not in self._within:
            chosen = {code: words for code, words in self.languages.items() if code in known | ALWAYS}
            self._within[key] = Vocabulary(chosen, *self._files, concepts=frozenset(self.concepts))
            self._within[key].calendars = calendars
        return self._within[key]

    def bits(self, *concepts: str) -> int:
        """The bits of the concepts in the masks of `naming`, `signing` and `addressing`."""
        bits = 0
        for concept in concepts:
            bits |= 1 << self.concepts[concept].place
        return bits

    @cached_property
    def naming(self) -> Callable[[str], int]:
        """A mask with a bit for each concept that a text may name; for the others `match` finds nothing."""
        return self._in_names.__getitem__

    @cached_property
    def signing(self) -> Callable[[str], int]:
        """A mask with a bit for each concept of which a running text may hold `signs`."""
        return self._in_texts.__getitem__

    def addressing(self, url: str) -> int:
        """A mask with a bit for each concept that an address may name."""
        return self._in_addresses[_slug_text(url)]

    def match(self, concept: str, text: str) -> Match | None:
        """Where `text` (a link, title or heading) names the concept; None also where it names something
        else that only sounds like it."""
        rules = self.concepts[concept]
        return rules.match(text) if self._in_names[text] >> rules.place & 1 else None

    def names(self, concept: str, text: str, share: float = 0.0) -> bool:
        """Whether `text` names the concept with at least `share` of its length."""
        found = self.match(concept, text)
        return found is not None and found.share >= share

    def signs(self, concept: str, text: str) -> tuple[str, ...]:
        """The distinct signs of the concept in running text, in order of appearance."""
        rules = self.concepts[concept]
        return rules.signs(text) if self._in_texts[text] >> rules.place & 1 else ()

    def in_address(self, concept: str, url: str) -> bool:
        """Whether the path or query of `url` names the concept."""
        rules = self.concepts[concept]
        text = _slug_text(url)
        return bool(self._in_addresses[text] >> rules.place & 1) and rules.in_address(text)

    def account_of(self, url: str) -> str | None:
        """The network (its key) on which `url` is an account or channel."""
        return self._networks_at(_bare(url)).account

    def is_persons(self, url: str) -> bool:
        """Whether an account is of the kind that a network gives to persons only."""
        network = self.account_of(url)
        return network is not None and self.networks[network].is_persons(_bare(url))

    def shared_on(self, url: str) -> str | None:
        """The network (its key) whose share button leads to `url`."""
        return self._networks_at(_bare(url)).shared

    def network_of(self, url: str) -> str | None:
        """The network to whose hosts `url` leads, account or not."""
        return self._networks_at(_bare(url)).network

    def _networks_at(self, address: str) -> _NetworksAt:
        found = self._known_addresses.get(address)
        if found is None:
            found = self._find_networks_at(address) if self._anywhere.search(address) else _NOWHERE
            self._known_addresses[address] = found
        return found

    def _find_networks_at(self, address: str) -> _NetworksAt:
        on = [(key, rules) for key, rules in self.networks.items() if rules.is_on(address)]
        return _NetworksAt(
            next((key for key, rules in on if rules.is_account(address)), None),
            next((key for key, rules in on if rules.is_share(address)), None),
            next((key for key, _ in on), None),
            next(((key, s.system) for key, s, rule in self._store_rules if rule.search(address)), None),
        )

    def store_of(self, url: str) -> tuple[str, str] | None:
        """(store, operating system) where `url` is the page of one application in a store."""
        return self._networks_at(_bare(url)).store

    def gateway_of(self, url: str, *roles: str) -> tuple[str, Gateway] | None:
        """The national system at `url`, if its role is one of `roles` (any role if none is given)."""
        known = self._known_gateways.get(url)
        if known is None:
            known = self._known_gateways[url] = self._gateways_at(url)
        return next((found for found in known if not roles or found[1].role in roles), None)

    def _gateways_at(self, url: str) -> tuple[tuple[str, Gateway], ...]:
        """The systems at an address, those of its own host before those of the hosts above."""
        plain = _PLAIN_HOST.match(url)
        try:
            host = plain[1] if plain else (urlsplit(url).hostname or "").lower()
        except ValueError:
            return ()
        found: list[tuple[str, Gateway]] = []
        while host:
            found += self._gateways_by_host.get(host, ())
            host = host.partition(".")[2]
        return tuple(one for one in found if urlsplit(url).path.startswith(one[1].path))

    def gateway_named(self, text: str, *roles: str) -> tuple[str, Gateway] | None:
        """The national system that a normalised text names."""
        mask = self._in_gateways[text]
        for place, (key, gateway) in enumerate(self._gateways if mask else ()):
            if mask >> place & 1 and (not roles or gateway.role in roles):
                rule = _phrases(gateway.words)
                if rule and rule.search(text):
                    return key, gateway
        return None

    def languages_named(self, text: str) -> tuple[str, ...]:
        """Codes of the languages that a normalised text names, as a language switch does."""
        mask = self._in_switches[text]
        found = []
        for place, (code, names) in enumerate(self._language_names if mask else ()):
            rule = _phrases(names) if mask >> place & 1 else None
            if rule and rule.search(text):
                found.append(code)
        return tuple(found)

    @cached_property
    def is_particle(self) -> Callable[[str], re.Match[str] | None]:
        """Matches a normalised word that may stand in small letters within a person's name."""
        rule = _phrases(tuple(word for language in self.languages.values() for word in language.particles))
        return (rule or _NOTHING).fullmatch

    @cached_property
    def is_person(self) -> Callable[[str], re.Match[str] | None]:
        """Matches a name of a person, in a language that writes names without spaces."""
        return re.compile("|".join(language.person for language in self.languages.values())).fullmatch

    def is_public_host(self, host: str) -> bool:
        """Whether a host name is known to belong to a public body."""
        known = self._known_hosts.get(host)
        if known is None:
            known = self._known_hosts[host] = self._tells_a_public_body(host.lower().removeprefix("www."))
        return known

    def _tells_a_public_body(self, host: str) -> bool:
        known = self.gateways.public_hosts
        labels = host.split(".")
        return (
            any(".".join(labels[place:]) in self._public_names for place in range(len(labels)))
            # "gov.uk" is a portal itself, "go.ke" none.
            or (
                len(labels) > 1
                and labels[-2] in known.labels
                and len(labels[-1]) == 2
                and (len(labels) > 2 or len(labels[0]) > 2)
            )
            or (len(labels) > 1 and labels[-1] in ("gov", "mil"))
            or known.tells_by_label(labels)
        )

    def is_filler_text(self, text: str) -> bool:
        return bool(self._filler_text[text])

    def is_filler_email(self, email: str) -> bool:
        email = email.lower()
        box, _, domain = email.rpartition("@")
        return (
            email in self._filler_emails
            or box in self.filler.email_names
            or any(domain == name or domain.endswith("." + name) for name in self.filler.email_domains)
        )

    def is_filler_phone(self, digits: str) -> bool:
        """`digits` is a number's digits only. Runs like 12345678 and 00000000 are nobody's telephone."""
        return any(run in digits for run in self.filler.phones) or len(set(digits[-7:])) == 1


class _ConceptRules:
    """The patterns of one concept in every language, made when a text first may hold one of them."""

    def __init__(self, place: int, entries: list[tuple[Language, Concept]]) -> None:
        self.place = place
        self._entries = entries
        unspaced = any(lang.unspaced for lang, _ in entries)
        self._bounds = (BEFORE, AFTER) if unspaced else SPACED

    def keys(self, *fields: Literal["words", "text"]) -> set[str]:
        """The `_keys` of all its words in all languages."""
        return {
            key
            for lang, concept in self._entries
            for field in fields
            for key in _keys(getattr(concept, field), lang.article)
        }

    @property
    def slugs(self) -> Strings:
        return tuple(sorted({slug for _, concept in self._entries for slug in concept.slugs}))

    @cached_property
    def _by_language(self) -> list[re.Pattern[str]]:
        rules = [_union([_pattern(concept.words, lang)], self._bounds) for lang, concept in self._entries]
        return [rule for rule in rules if rule is not None]

    @cached_property
    def _text(self) -> re.Pattern[str] | None:
        patterns = [_pattern((*concept.words, *concept.text), lang) for lang, concept in self._entries]
        return _union(patterns, self._bounds)

    @cached_property
    def _never(self) -> re.Pattern[str] | None:
        return _union([_pattern(concept.never, lang) for lang, concept in self._entries], self._bounds)

    @cached_property
    def _slugs(self) -> re.Pattern[str]:
        slugs = sorted(self.slugs, key=lambda slug: (-len(slug), slug))
        parts = "|".join(re.escape(normalize(slug)).replace(r"\-", "-?") for slug in slugs)
        before, after = SPACED
        return re.compile(f"{before}(?:{parts}){after}") if parts else _NOTHING

    def match(self, text: str) -> Match | None:
        found = [match.span() for rule in self._by_language if (match := rule.search(text))]
        if not found or (self._never is not None and self._never.search(text)):
            return None
        # Of the names that begin first the longest, whatever its language: "consultation du public".
        start, end = min(found, key=lambda span: (span[0], -span[1]))
        return Match(start, end, (end - start) / len(text))

    def signs(self, text: str) -> tuple[str, ...]:
        if self._text is None:
            return ()
        return tuple(dict.fromkeys(m.group() for m in self._text.finditer(text)))

    def in_address(self, text: str) -> bool:
        return bool(self._slugs.search(text))


class _NetworksAt(NamedTuple):
    """What an address is on the networks and in the stores: their keys, None for none."""

    account: str | None
    shared: str | None
    network: str | None
    store: tuple[str, str] | None
    """Store and operating system of the application that is offered there."""


_NOWHERE = _NetworksAt(None, None, None, None)


class _NetworkRules:
    def __init__(self, network: Network) -> None:
        self.name, self.origin = network.name, network.origin
        self._account = _addresses(network.account)
        self._share = _addresses(network.share)
        self._never = _addresses(network.never)
        self._person = _addresses(network.person)
        self.hosts = sorted({pattern.split("/", 1)[0] for pattern in (*network.account, *network.share)})
        self._host = _addresses(tuple(self.hosts))

    def is_account(self, address: str) -> bool:
        return bool(
            self._account.search(address)
            and not self._share.search(address)
            and not self._never.search(address)
        )

    def is_share(self, address: str) -> bool:
        return bool(self._share.search(address))

    def is_persons(self, address: str) -> bool:
        return bool(self._person.search(address))

    def is_on(self, address: str) -> bool:
        return bool(self._host.search(address))


_NOTHING = re.compile(r"(?!)")


def _addresses(patterns: Strings) -> re.Pattern[str]:
    if not patterns:
        return _NOTHING
    return re.compile(rf"^(?:[\w-]+\.)*?(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})", re.I)


@lru_cache(maxsize=100_000)
def _bare(url: str) -> str:
    """host/path?query, without scheme and www."""
    rest = url.split("://", 1)[-1]
    return rest.removeprefix("www.")


@cache
def _phrases(words: Strings) -> re.Pattern[str] | None:
    parts = _alternatives(words)
    before, after = (BEFORE, AFTER) if any(map(is_unspaced, words)) else SPACED
    return re.compile(f"{before}(?:{parts}){after}") if parts else None


def _union(patterns: list[str], bounds: tuple[str, str]) -> re.Pattern[str] | None:
    kept = [pattern for pattern in patterns if pattern]
    return re.compile(f"{bounds[0]}(?:{'|'.join(kept)}){bounds[1]}") if kept else None


def _pattern(words: Strings, language: Language) -> str:
    """One language's words with the affixes that may be glued to them. A word that is listed with its prefix
    goes first: of "the complaints and suggestions" it is the longer one."""
    parts = _alternatives(words, language.article)
    if not parts:
        return ""
    before = f"(?:{_alternatives(language.prefixes)})??" if language.prefixes else ""
    after = "".join(f"(?: ?(?:{_alternatives(language.suffixes)}))?" if language.suffixes else "")
    return f"(?:{before}(?:{parts}){after})"


def _alternatives(words: Strings, article: str = "") -> str:
    """The words as regex alternatives over normalised text, the longest first."""
    return "|".join(_phrase(word, article) for word in sorted(words, key=lambda w: (-len(w), w)))


def _phrase(word: str, article: str = "") -> str:
    article = article if " " in word else ""
    return " ?".join(
        " ".join(_definite_or_not(part, article) for part in piece.split(" ")) for piece in _pieces(word)
    )


def _definite_or_not(word: str, article: str) -> str:
    """A word of a phrase, with the article and without it. (Twice, for words that begin like it.)"""
    stem = _stem(word, article)
    either = f"(?:{article}){{0,2}}" if article and len(stem) >= SHORTEST_STEM else ""
    return either + re.escape(stem).replace(r"\*", f"{WORD}*")


def _stem(word: str, article: str) -> str:
    stem = word.removeprefix(article)
    return stem if len(stem) >= SHORTEST_STEM else word


def _pieces(word: str) -> list[str]:
    """The normalised pieces of a word between its half-spaces, which may be written in several ways, as the
    space behind a Persian "and" may be left out."""
    return [normalize(piece) for piece in re.split("[\u200c_]", word.replace(" و ", " و\u200c"))]


def _keys(words: Strings, article: str = "") -> set[str]:
    """For each word a part that stands, just so, wherever the word does."""
    return {max(_parts(word, article if " " in word else ""), key=len) for word in words}


def _parts(word: str, article: str) -> Iterator[str]:
    for piece in _pieces(word):
        for part in piece.split("*"):
            yield from (_stem(one, article) for one in part.split(" ")) if article else (part,)


def _slug_keys(slugs: Strings) -> set[str]:
    return {max(normalize(slug).split("-"), key=len) for slug in slugs}


_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?=[/?#]|$)")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=100_000)
def _slug_text(url: str) -> str:
    """Path and query of an address as one text of words with hyphens between them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    text = unquote(f"{parts.path} {parts.query}")[:500]
    return re.sub(f"(?!{WORD}).|_", "-", normalize(_CAMEL.sub("-", text))).strip("-")


@cache
def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Reads and checks every file. Raises `crawler.datafile.DataFileError`."""
    languages = {
        path.stem: load_yaml(path, Language)
        for path in sorted(folder.glob("*.yaml"))
        if path.stem not in NOT_LANGUAGES
    }
    return Vocabulary(
        languages,
        load_yaml(folder / "networks.yaml", Networks),
        load_yaml(folder / "stores.yaml", Stores),
        load_yaml(folder / "gateways.yaml", Gateways),
        load_yaml(folder / "filler.yaml", Filler),
        load_yaml(folder / "language_names.yaml", LanguageNames),
    )
