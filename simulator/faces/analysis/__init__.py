"""Views of a study: important factors, best settings, precision. Begin with report.py."""
