"""The faults F1 to F23, each made to the real server; `script.benchmarks.faults` starts them."""
