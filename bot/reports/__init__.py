"""Reports made from what the subjects say: the monthly digest."""
