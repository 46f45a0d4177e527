"""``python -m dargah`` is the command ``dargah``."""

from dargah.cli import main

main()
