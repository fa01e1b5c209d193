"""A page to come."""
