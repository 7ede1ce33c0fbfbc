"""What `script/bench` measures: one module a name."""
