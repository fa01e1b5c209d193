"""Results for people: documents, descriptions, charts, reports, the command line (cli/). No arithmetic here."""
