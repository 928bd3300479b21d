"""Moving skeletons: clips, blends and behaviours of many bodies at once, in plain arrays and free of OpenGL."""
