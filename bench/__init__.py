"""Measurements, as ratios in one run: CPU per operation and the 99th percentile."""
