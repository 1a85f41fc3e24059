"""What Connect returns, in our words: frozen values with aware UTC instants."""
