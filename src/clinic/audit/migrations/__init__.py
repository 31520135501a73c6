"""Database changes of the event log, in order."""
