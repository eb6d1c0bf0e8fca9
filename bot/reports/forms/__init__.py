"""The school's forms on Word (feature F6): what each holds, how it is gathered, checked, laid out and filled in."""
