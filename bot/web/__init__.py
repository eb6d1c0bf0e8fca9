"""What somebody sees in a browser; today the health of the program."""
