"""When the calendar speaks: the plan of a group's school day, its ledger, and the alarm clock."""
