"""The vocabulary of the conversation: commands, arguments, roles, dialogs, understanding. No network."""
