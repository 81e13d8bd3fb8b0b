"""Expected refusals. Anything else that goes wrong is a bug, a 500 and a log line."""


class DomainError(Exception):
    """A refusal that is part of the rules, said to the person in Vietnamese.

    ``code`` is stable and meant for machines (the API answers ``{code, message}``), ``message`` is a
    sentence that says what is wrong and what to do.
    """

    code = "refused"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
