"""The parts of `script/bench scale` and `script/bench limits`: sites, people, visitors, sums."""
