"""The training room: a class plays S&OP against policies on the same luck, and learns what was skill."""
