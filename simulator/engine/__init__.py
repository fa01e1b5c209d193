"""The company in motion: scenario, firm, departments, the steps of the day (day/) and month (month/). Begin with firm.py."""
