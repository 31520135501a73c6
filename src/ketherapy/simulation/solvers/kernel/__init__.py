"""The compiled kernel: its source, how it is built, and the shape of what it is handed."""
