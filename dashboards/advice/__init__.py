"""The advice line by line: its statements in words and on the page."""
