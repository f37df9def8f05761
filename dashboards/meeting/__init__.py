"""The page of lists for the management meeting: what it reads, what it says, how it is shown."""
