"""How a plan document is read: bytes → lines → times and activities → entries. The public face is ``plan_reader``."""
