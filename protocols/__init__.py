"""Protocol files: schema, loader with line-numbered errors, and the library."""
