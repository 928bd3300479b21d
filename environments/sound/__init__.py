"""What the patient hears: the sound of each place around the head, and the guiding voice."""
