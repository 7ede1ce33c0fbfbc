"""Who acts in the admin. Every service wants the member of staff, never a visitor."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from chiro.practice.models import User


def staff(request: HttpRequest) -> User:
    """The member of staff who is signed in. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
