"""Each threat of docs/security.md has its test; these are those that live nowhere else."""
