"""One module for each page of the board; its ``PAGE`` stands in bot/web/board/table.py."""
