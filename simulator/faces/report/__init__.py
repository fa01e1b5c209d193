"""How results leave: as figures, tables and files, and as the story behind a comparison."""
