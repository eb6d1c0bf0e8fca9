"""What happens when somebody speaks: one file per subject. The app finds them by name; they only return what to say."""
