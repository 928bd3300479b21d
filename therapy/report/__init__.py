"""Reports on a session, made from the record alone."""
