"""Importing leads from a file: read into rows, mapped, tried dry, then created or taken over.

No query is in ``encoding``, ``sheet``, ``targets``, ``guessing``, ``reading``; the others keep the
rows. ``running.push`` is one turn of ``batch_runner``.
"""
