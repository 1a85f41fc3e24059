"""Importing leads from a file: read into rows, mapped, tried dry, then created or taken over.

Pure are ``encoding``, ``sheet``, ``targets``, ``guessing``, ``reading``; the others keep the rows.
"""
