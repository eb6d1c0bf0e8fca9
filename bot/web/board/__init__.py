"""``/board/``: the group's own pages. Every page is one module of ``bot.web.board.pages``, named in its table."""
