"""Pages: rendered on the server, usable without JavaScript."""
