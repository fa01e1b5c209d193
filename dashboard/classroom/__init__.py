"""The training room's pages: phones of players, the trainer's screen, and the server that carries both."""
