"""What a person is told when the private servers cannot be had."""


class ServersNotStarted(Exception):
    """The private servers could not be started; the message says why and what to do."""
