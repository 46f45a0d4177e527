"""Odd portals, each served for real on loopback, with what must come of a visit to each.

`catalogue.yaml` says what each is and what must come of it, `portals/` serves them, `compare.py` holds the
one against the other. ``python -m tests.odd`` lets `dargah crawl` visit them all and prints the table.
"""
