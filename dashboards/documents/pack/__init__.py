"""The evidence pack for commissioners: its content in ten parts.

The parts are those of strategic-assessment 6.4.
"""
