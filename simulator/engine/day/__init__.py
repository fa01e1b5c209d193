"""The working day: one table of steps by the hour, one file for each function of the company."""
