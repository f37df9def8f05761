"""The page "People to look at": the ordered list, one person, and two people in time."""
