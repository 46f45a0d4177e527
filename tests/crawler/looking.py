"""What the visits of the tests look for: words that are found or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import unquote, urlsplit

from crawler.text import normalize


class Words:
    """`looked_for` are (words, worth, topic): a link is clearly about the topic if its text or path has the
    words, as clear as `mentioned` if it has more than twice as many letters beside them."""

    section = 3.0
    linked = 5.0

    def __init__(self, looked_for: Collection[tuple[str, float, str]], *, mentioned: float = 0.3) -> None:
        self._words = [(normalize(words), topic) for words, _, topic in looked_for]
        self._mentioned = mentioned
        self.topics: Mapping[str, float] = {topic: worth for _, worth, topic in looked_for}

    def clarity(self, url: str, text: str) -> Mapping[str, float]:
        found: dict[str, float] = {}
        for place in (text, *unquote(urlsplit(url).path).split("/")):
            written = normalize(place)
            for words, topic in self._words:
                if words in written:
                    clear = 1.0 if len(written) <= 3 * len(words) else self._mentioned
                    found[topic] = max(clear, found.get(topic, 0.0))
        return found
