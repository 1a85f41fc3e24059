"""One file per API noun: what to send, and how the answer is read."""
