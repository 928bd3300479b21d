"""The record: tables, the one writer thread, read-only queries, consent and screening."""
