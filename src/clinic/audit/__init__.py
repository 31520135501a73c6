"""The one append-only event log and its verifier; ``services.append`` is its whole interface."""
