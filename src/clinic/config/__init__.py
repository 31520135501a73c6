"""The project: settings, addresses, the server. Everything else stands below it."""
