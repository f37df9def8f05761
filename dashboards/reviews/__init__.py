"""Links between records of people: what readers decide, what the weights say, how well it goes."""
