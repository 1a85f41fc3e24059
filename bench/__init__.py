"""How fast the desk is, as ratios against bare servers on the same machine: ``make bench``.

Everything is loopback and bounded: counts are fixed, nothing runs until it is stopped.
"""
