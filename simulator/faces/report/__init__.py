"""Results as figures, tables and files, and the story of a comparison. Begin with story.py."""
