"""The kernels in plain Python: they are the specification, and what runs where there is no extension."""
