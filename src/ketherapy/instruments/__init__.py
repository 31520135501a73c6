"""Rating scales: their range, and what response and remission mean on them."""
