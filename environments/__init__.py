"""The patient's side: everything that is seen, heard and touched."""
