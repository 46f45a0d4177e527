"""One package per portal; each offers ``create_app(today, gateway)`` and keeps its truth beside its pages."""
