"""How an older record becomes a present one: Alembic's environment, and one file for each step in `versions`."""
