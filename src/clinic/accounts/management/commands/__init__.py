"""Commands of the accounts, one file each."""
