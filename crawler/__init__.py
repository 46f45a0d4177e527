"""Visits a portal as a polite stranger and keeps all it saw, as a Capture."""
