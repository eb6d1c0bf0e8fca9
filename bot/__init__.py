"""备课组助手: a chat bot that runs a lesson-preparation group's term."""

__version__ = "0.1.0"
