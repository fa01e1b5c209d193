"""The books of goods in money: a double-entry ledger by day and replication. Begin with accounts.py."""
