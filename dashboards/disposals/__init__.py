"""What the page on outcomes says and draws: what became of crimes of stalking and harassment, no person."""
