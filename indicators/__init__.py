"""Judges: evidence and an answer for each indicator, then points."""
