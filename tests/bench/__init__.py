"""What Cutout costs, measured against what people would use instead, in the same run: `make bench`."""
