"""What moves: the scenario, the firm and its departments, the steps of the day and the five steps of the month."""
