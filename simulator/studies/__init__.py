"""Experiments at scale: studies, their runs on all cores or a cluster, their results."""
