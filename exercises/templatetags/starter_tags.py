"""Whether a result page may lead to first exercises."""

from django import template

from chiro.practice.models import Practice
from exercises.services import starter
from screening.models import Screening

register = template.Library()


@register.simple_tag
def starter_offered(screening: Screening) -> bool:
    """Say whether this patient may read first exercises now."""
    return starter.shown(screening, Practice.current()) is not None
