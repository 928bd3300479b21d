"""Cohorts: many virtual sessions under a virtual clock, and what they show."""
