"""Where frames go: offscreen and desktop window."""
