"""The platform on your desk: chats without an account or a network, a clock that can be moved, faults on demand."""
