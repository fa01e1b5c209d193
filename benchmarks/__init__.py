"""Speed beside other simulators, on workloads whose answers are known: `python -m benchmarks`."""
