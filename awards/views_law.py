"""The law of a campaign's awards: its kinds, what each rests on, and the sum that goes with it."""

from __future__ import annotations

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards.law import available_laws, base_wage, load_law, prize_of
from campaign.models import Campaign, Phase


@require_safe
def show_law(request: HttpRequest, name: str) -> HttpResponse:
    """What the law says, with the sums of the last day that a campaign under it, or the law, has had."""
    if name not in available_laws():
        raise Http404(_("Không có luật khen thưởng nào như vậy."))
    law = load_law(name)
    ends = Phase.objects.filter(campaign__award_law=name).aggregate(last=Max("last_day"))
    on = min(filter(None, (timezone.localdate(), law.in_force_to, ends["last"])))
    context = {
        "law": law,
        "on": on,
        "wage": base_wage(law, on=on),
        "kinds": [(kind, prize_of(kind, on=on)) for kind in law.kinds],
        "campaigns": Campaign.objects.filter(award_law=name).order_by("short_title"),
        "trail": [("", _("Căn cứ khen thưởng"))],
    }
    return render(request, "awards/law.html", context)
