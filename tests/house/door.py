"""A door of the portal: an address, and whom it is for."""

from collections.abc import Callable
from dataclasses import dataclass

from core.access import Permission
from tests.house.places import Place

LOGGED_IN = "logged in"


@dataclass(frozen=True)
class Door:
    """Whom an address is for: ``None`` everyone, ``LOGGED_IN``, or the holders of a permission.

    ``address`` makes it for a place; where ``of_area`` is set, the address speaks of that place and is not
    found by somebody from elsewhere; where ``of_province`` is, it takes a role in the whole province.
    Of the API (``of_api``) nobody is sent to the login page. ``reads`` and ``writes`` are what a GET and an
    empty POST answer to those who may; 405 where none is taken.
    """

    address: Callable[[Place], str]
    to: Permission | str | None = None
    of_area: bool = False
    of_province: bool = False
    of_api: bool = False
    reads: int = 200
    writes: int = 405
