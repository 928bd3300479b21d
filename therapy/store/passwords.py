"""What a password must be: long; nothing else is asked of it (NIST SP 800-63B)."""

from __future__ import annotations

from therapy.errors import UsageError

SHORTEST = 12
LONGEST = 1024
LEAST_DIFFERENT = 5


def require_good_password(password: str, name: str) -> None:
    """`UsageError` with the reason for a password that is too short, too simple or the user's own name.

    Length counts, kinds of characters do not (NIST SP 800-63B, 5.1.1.2); the bound of 12 is ours, above its 8.
    """
    if len(password) < SHORTEST:
        raise UsageError(
            f"A password needs at least {SHORTEST} characters: length protects, special characters hardly do "
            "(NIST SP 800-63B).",
            "Four or five words in a row make a good one.",
        )
    if len(password) > LONGEST:
        raise UsageError(f"A password has at most {LONGEST} characters.", "Choose a shorter one.")
    if len(set(password.casefold())) < LEAST_DIFFERENT:
        raise UsageError("This password repeats a few characters only.", "Four or five words in a row make a good one.")
    if name.casefold().strip() in password.casefold() and len(password) - len(name) < SHORTEST // 2:
        raise UsageError("This password is little more than the name.", "Choose words that have nothing to do with it.")
