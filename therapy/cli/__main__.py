"""`python -m therapy.cli`: the same as `acclimate`."""

from __future__ import annotations

from therapy.cli import main

if __name__ == "__main__":
    main()
