"""What leaves the record: signed packages, tables with units, and data for research without identity."""
