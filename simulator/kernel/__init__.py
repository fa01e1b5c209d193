"""Tools that know nothing of a company: units, clock, lanes, ledger, plans, messages, workers. Begin with units.py."""
