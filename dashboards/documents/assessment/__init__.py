"""The strategic threat, risk and harm assessment: its content in ten parts.

The parts are those of strategic-assessment 2.3.
"""
