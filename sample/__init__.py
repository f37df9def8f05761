"""Data shown until a force delivers its own: `open_data/`, a real excerpt listed in `manifest.csv`."""
