"""How long a host is left in peace between two requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PAUSE = 120.0
"""Seconds waited at most, whatever a portal asks for."""

LONGEST_CRAWL_DELAY = 30.0
"""Seconds of a Crawl-delay that are kept: with more, a night's visit would see a handful of pages."""

FIRST_BACK_OFF = 0.25
NEGLIGIBLE = 0.01


@dataclass
class _Host:
    pause: float
    rests_since: float = float("-inf")
    """When it answered last, on the clock."""


class Pace:
    """The pause after each answer, host by host; never less than `base` seconds nor than the host's
    Crawl-delay.

    A portal that takes long is given as long to recover as it took to answer, approached by halves, so that
    one slow page does not count as a slow portal and a portal that is fast again is soon asked as before.
    429 and 503 double the pause. With a `base` of 0 only those count.
    """

    def __init__(self, base: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._base = base
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._asked_for: dict[str, float] = {}

    def heed(self, host: str, crawl_delay: float) -> None:
        """Keeps the Crawl-delay of robots.txt from now on."""
        self._asked_for[host] = min(crawl_delay, LONGEST_CRAWL_DELAY)

    def pause(self, host: str) -> float:
        """Seconds from an answer to the next request."""
        known = self._hosts.get(host)
        return max(known.pause if known else self._base, self._asked_for.get(host, 0.0))

    def left(self, host: str) -> float:
        """Seconds until the host may be asked; 0 or less if it may be now."""
        known = self._hosts.get(host)
        return known.rests_since + self.pause(host) - self._clock() if known else 0.0

    async def turn(self, host: str) -> None:
        """Waits until the host may be asked."""
        while (left := self.left(host)) > 0:
            await asyncio.sleep(left)

    def asked(self, host: str) -> None:
        """Somebody else, the browser, asked the host: it is left in peace from now on."""
        self._hosts.setdefault(host, _Host(self._base)).rests_since = self._clock()

    def answered(self, host: str, seconds: float, status: int | None = 200) -> None:
        """The host answered, or failed to, after `seconds`; its pause begins now."""
        known = self._hosts.setdefault(host, _Host(self._base))
        if status in (429, 503):
            known.pause = min(max(known.pause * 2, FIRST_BACK_OFF), LONGEST_PAUSE)
        else:
            wanted = min(max(seconds, self._base), LONGEST_PAUSE) if self._base else 0.0
            halfway = (known.pause + wanted) / 2
            known.pause = halfway if abs(halfway - wanted) > NEGLIGIBLE else wanted
        known.rests_since = self._clock()
