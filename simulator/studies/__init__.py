"""Experiments of many runs: designs, the folder of results, search for the best setting, warm-up. Begin with sweep.py."""
