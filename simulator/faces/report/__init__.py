"""Results as figures, tables and files."""
