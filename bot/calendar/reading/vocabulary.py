"""All pattern tables in the order in which they are tried: landmarks and holidays before days, days before weeks."""

from bot.calendar.reading import traps
from bot.calendar.reading.atoms import Atom, scan
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.normalise import Text
from bot.calendar.reading.rules_anchors import ANCHOR_RULES
from bot.calendar.reading.rules_cycles import CYCLE_RULES
from bot.calendar.reading.rules_days import DAY_RULES
from bot.calendar.reading.rules_holidays import MEMORIAL_RULES
from bot.calendar.reading.rules_hours import CLOCK_RULES

ALL_RULES = (*ANCHOR_RULES, *DAY_RULES, *CLOCK_RULES, *CYCLE_RULES)


def times_in(text: Text, context: PlanContext) -> tuple[list[Atom], list[tuple[int, int]]]:
    """All times of a text, and the quotations in which none but a day of remembrance was looked for."""
    named = scan(text.folded, MEMORIAL_RULES, context)
    quoted = traps.quotations(text.folded)
    atoms = scan(text.folded, ALL_RULES, context, [*quoted, *((atom.start, atom.end) for atom in named)])
    return sorted([*named, *atoms], key=lambda atom: atom.start), quoted
