"""What the page on the protection of victims says and draws: of the whole force, no person."""
