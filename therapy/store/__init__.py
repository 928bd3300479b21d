"""The record: tables, one writer thread, queries."""
