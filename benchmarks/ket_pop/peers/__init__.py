"""One module for each peer: METHODS, and prepare(task, setting), which returns its solver."""
