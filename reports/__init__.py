"""Shows what was found: HTML for people, tables for machines."""
