"""From packets to beats, heart rate with quality and age, and a personal baseline."""
