"""Domain values shaped for a page."""
