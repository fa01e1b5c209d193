"""The dashboard: managers compare policies, trainers show a month, everyone sees why."""
