"""A population's course of ketamine, solved by our engine and by its peers."""
