"""Database changes of the accounts, in order."""
