"""What robots.txt allows: asked for once per host, before anything else, and kept."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from crawler.capture import Host
from crawler.decode import decode
from crawler.fetch import MAX_REDIRECTS, Fetcher
from crawler.memory import Memory
from crawler.robots import ROBOTS_LIMIT, Rules, read_rules
from crawler.scope import origin_of


class Manners:
    """The rules of every host that was asked."""

    def __init__(self, memory: Memory, fetcher: Fetcher) -> None:
        self._memory = memory
        self._writer = memory.writer
        self._scope = memory.scope
        self._fetcher = fetcher
        self._rules: dict[str, Rules] = {}
        for row in self._writer.db.execute("SELECT * FROM hosts"):
            rules = read_rules(row["robots_status"], row["robots_text"])
            self._rules[row["host"]] = rules if rules.status else replace(rules, closed="")
            self._heed_delay(row["host"], rules)

    def known_rules(self, url: str) -> Rules | None:
        """The robots.txt of the address's host, None if it was not asked for yet."""
        return self._rules.get(origin_of(url))

    async def rules_of(self, url: str) -> Rules:
        """The rules for an address; its host is asked for them if it was not."""
        origin = origin_of(url)
        if origin not in self._rules:
            fetched = await self._fetcher.fetch(f"{origin}/robots.txt", keep="start", limit=ROBOTS_LIMIT)
            for _ in range(MAX_REDIRECTS):
                target = fetched.redirect
                if not target or not self._scope.contains(target):
                    break
                fetched = await self._fetcher.fetch(target, keep="start", limit=ROBOTS_LIMIT)
            text = decode(fetched.body, "")[0] if fetched.body else ""
            rules = read_rules(fetched.status, text, fetched.why)
            if fetched.failure:
                # The page itself will say it better: it fails the same way.
                rules = replace(rules, closed="")
            host = Host(
                host=origin,
                robots_status=rules.status,
                robots_text=rules.text,
                crawl_delay=rules.delay,
                sitemaps=rules.sitemaps,
            )
            with self._writer.commit():
                self._writer.archive([fetched])
                self._writer.add(host)
                self._memory.save()
            self._rules[origin] = rules
            self._heed_delay(url, rules)
        return self._rules[origin]

    def _heed_delay(self, url: str, rules: Rules) -> None:
        if rules.delay:
            self._fetcher.pace.heed(urlsplit(url).hostname or "", rules.delay)
