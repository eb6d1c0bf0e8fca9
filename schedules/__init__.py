"""What happens when the calendar speaks: one file per subject that says something by itself."""
