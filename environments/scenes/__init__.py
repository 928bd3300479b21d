"""One folder a scene: manifest, geometry, behaviour."""
