"""What libxml2 reads otherwise than a browser, put right in the source before it is parsed."""

from __future__ import annotations

_ENDS = ("</html>", "</HTML>", "</body>", "</BODY>")


def unended(source: str) -> str:
    """The source with nothing cut off: libxml2 stops at ``</html>``, where a browser reads on.

    Pages that are put together from files which each close their document go on behind it: with the footer,
    with "last updated", or with the whole content where the header was a document of its own. What stands
    there belongs to the one body, so that its end tags go too.
    """
    # Plain searches: every page is looked through, and nearly every one ends with its end tag.
    first = min((at for tag in _ENDS[:2] if (at := source.find(tag)) >= 0), default=-1)
    if first < 0 or source.find("<", first + 1) < 0:
        return source
    for tag in _ENDS:
        source = source.replace(tag, "")
    return source
