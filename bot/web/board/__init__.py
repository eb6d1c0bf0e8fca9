"""``/board/``: the group's pages, server-rendered, without JavaScript (feature F8).

``site`` serves, ``table`` says which pages there are, ``pages/`` holds one small module for each.
"""
