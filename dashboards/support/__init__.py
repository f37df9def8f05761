"""Need, reach and value of support for victims: what pages for those who commission services show."""
