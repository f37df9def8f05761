"""Documents made from what is published and decided, without a browser."""
