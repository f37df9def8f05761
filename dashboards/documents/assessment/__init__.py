"""The strategic threat, risk and harm assessment: what it says, in the ten parts of strategic-assessment 2.3."""
