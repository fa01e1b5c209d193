"""What a study says: what matters, what is best, how sure."""
