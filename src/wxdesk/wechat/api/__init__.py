"""The calls a ``Client`` has, one file for each group of them."""
