"""What leaves the house: a durable outbox, one sender per channel, the channels' limits."""
