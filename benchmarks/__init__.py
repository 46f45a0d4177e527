"""What Dargah costs, measured. Run one with ``python -m benchmarks.NAME``."""
