"""Runs the audit: command line, pipeline, store."""
