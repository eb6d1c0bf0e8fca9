"""The command line: one small module per family of verbs.

Exit codes: 0 done, 1 failed with a sentence, 2 wrong usage."""
