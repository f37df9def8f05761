"""The evidence pack for those who commission services: what it says, in the ten parts of strategic-assessment 6.4."""
