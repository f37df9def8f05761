"""What the page on repeat and serial suspects says and draws: of the whole force, no person."""
