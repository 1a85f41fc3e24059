"""The face: addresses, pages, look."""
