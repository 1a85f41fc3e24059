"""The face: addresses, pages, forms and presenters. It asks the domain and never Connect."""
