"""Ratios measured in one run on one machine; no timing is asserted in a test."""
