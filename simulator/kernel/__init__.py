"""What everything stands on: units, the clock, lanes, the ledger, plans, and the workers that share out a run."""
