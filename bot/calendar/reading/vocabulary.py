"""All pattern tables in the order in which they are tried: landmarks and holidays before days, days before weeks."""

from bot.calendar.reading.rules_anchors import ANCHOR_RULES
from bot.calendar.reading.rules_cycles import CLOCK_RULES, CYCLE_RULES
from bot.calendar.reading.rules_days import DAY_RULES, MEMORIAL_RULES

ALL_RULES = (*ANCHOR_RULES, *DAY_RULES, *CLOCK_RULES, *CYCLE_RULES)

__all__ = ["ALL_RULES", "MEMORIAL_RULES"]
