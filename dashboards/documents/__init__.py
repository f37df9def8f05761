"""Documents as content once and as many formats as are asked for, from the published copy and without a browser."""
