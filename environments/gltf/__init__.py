"""glTF 2.0 files as plain scene data, free of OpenGL."""
