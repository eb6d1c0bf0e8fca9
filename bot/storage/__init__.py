"""Durable records. This package's face imports no backend: the app chooses one."""

from bot.storage.store import Record, Records, Store, Transaction

__all__ = ["Record", "Records", "Store", "Transaction"]
