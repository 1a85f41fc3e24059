"""The Connect API itself: the endpoints of the contract's section 4."""
