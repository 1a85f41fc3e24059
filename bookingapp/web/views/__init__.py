"""Function views: load, one domain call, render."""
