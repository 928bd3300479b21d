"""The acclimate command line."""
