"""The registers of the assessment: as they stand now, in words and on the page."""
