"""School time, pure: no clock, no store, no network. Terms and weeks, rules of repetition, plan documents, phrases."""
