"""Measures a portal's key pages in a real browser, as Measurements."""
