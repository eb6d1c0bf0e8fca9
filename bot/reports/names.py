"""What can be ordered, by the names that stay in orders: rename none (bot/reports/making.py).

Nothing else stands here, so that who orders a file does not load what makes it: for most of the day a bot makes none.
"""

DIGEST_PICTURE, DIGEST_WORD, DIGEST_EXCEL, DIGEST_ALL = "digest.picture", "digest.word", "digest.excel", "digest.all"
FORM_WORD, FORM_MANY, FORM_PATTERN = "form.word", "form.many", "form.pattern"
FORM_PLAN, FORM_PROGRESS = "form.plan", "form.progress"

PERSONAL = "个人记录"
"""The key of the form that is a teacher's own."""

MOST_IN_ONE = 60
"""Forms in one file: a teacher's lessons of a term, a group's weeks."""
