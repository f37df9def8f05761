"""What stra shows until a force delivers: `open_data/`, a real excerpt listed in `manifest.csv`."""
