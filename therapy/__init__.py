"""The session side: heart rate in, decisions, record, report."""
