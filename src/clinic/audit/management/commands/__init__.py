"""Commands of the event log, one file each."""
