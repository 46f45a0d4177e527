"""The name under which portals see us."""

from __future__ import annotations

ROBOT = "Dargah"


def user_agent(contact: str) -> str:
    """For requests without a browser; `contact` is a mail address or a page about the audit."""
    return f"Mozilla/5.0 (compatible; {ROBOT}/1.0{'; +' if contact else ''}{contact})"
