"""How results reach people: documents, descriptions, charts, reports and the command line."""
