"""The rules' numbers in the admin: the versions, and the draft of the next with its effect.

Chiropractors read; the owner drafts and publishes. Every write goes through the service.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from chiro.practice import audit, permissions
from screening.admin import rule_numbers
from screening.admin.acting import staff
from screening.models import RuleSetVersion
from screening.rulesets import RuleSet, RuleSetError, editing
from screening.services import rule_proof, rule_versions
from screening.services.rule_versions import StaleError, UnreadyError

SEE_OTHER, UNPROCESSABLE, CONFLICT = 303, 422, 409
STALE = (
    "Somebody else changed this draft after you opened the page. Below is the draft as it is now, "
    "with your numbers beside it. Type again what you want to keep, then save."
)


class RuleSetVersionAdmin(admin.ModelAdmin):
    """The list of versions, one version to read, and the draft."""

    def get_urls(self) -> list[URLPattern]:
        """The draft's addresses, before those of the list."""
        view = self.admin_site.admin_view
        draft = require_http_methods(["GET", "HEAD", "POST"])(self.draft)
        return [
            path("draft/", view(draft), name="screening_rulesetversion_draft"),
            path(
                "draft/discard/",
                view(require_POST(self.discard)),
                name="screening_rulesetversion_discard",
            ),
            path("shipped/", view(self.shipped), name="screening_rulesetversion_shipped"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A version comes from a draft only."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published version never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published version is never deleted: screenings were made with it."""
        return False

    # --- reading ------------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version, the newest first, and the draft."""
        self._check_may_read(request)
        context = {
            "title": "Rules versions",
            "versions": RuleSetVersion.objects.select_related("published_by"),
            "shipped": rule_versions.SHIPPED,
            "current": rule_versions.current_number(),
            "draft": rule_versions.draft(),
        }
        return self._page(request, "admin/screening/rules.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One published version: its numbers, what it changed, why, and the effect it had."""
        self._check_may_read(request)
        row = get_object_or_404(RuleSetVersion, pk=object_id if object_id.isdigit() else 0)
        rules = rule_versions.ruleset(str(row.number))
        changed = {name: before for name, (before, _) in row.changes.items()}
        context = {
            "title": f"Rules version {row.number}",
            "row": row,
            "proof": row.proof,
            "tables": rule_numbers.tables(editing.values(rules), changed),
        }
        return self._page(request, "admin/screening/rules_version.html", context)

    def shipped(self, request: HttpRequest) -> HttpResponse:
        """Version 1, as it came with the product."""
        self._check_may_read(request)
        rules = rule_versions.ruleset(str(rule_versions.SHIPPED))
        context = {
            "title": f"Rules version {rule_versions.SHIPPED}, as shipped",
            "tables": rule_numbers.tables(editing.values(rules), {}),
        }
        return self._page(request, "admin/screening/rules_version.html", context)

    # --- the draft ----------------------------------------------------------------------------

    def draft(self, request: HttpRequest) -> HttpResponse:
        """The form of the next version; a post saves it, and publishes it when asked."""
        if not request.user.has_perm(permissions.EDIT_RULES):
            raise PermissionDenied
        if request.method != "POST":
            return self._form(request, effect="effect" in request.GET)
        numbers, wrong = rule_numbers.typed(request.POST)
        if wrong:
            return self._form(request, problems=wrong, typed=request.POST, status=UNPROCESSABLE)
        try:
            return self._save(request, numbers)
        except StaleError:
            return self._form(request, problems=[STALE], typed=request.POST, status=CONFLICT)
        except (RuleSetError, UnreadyError) as error:
            said = rule_numbers.said(str(error))
            return self._form(request, problems=[said], typed=request.POST, status=UNPROCESSABLE)

    def _save(self, request: HttpRequest, numbers: dict[str, int]) -> HttpResponse:
        by, seen = staff(request), rule_numbers.number(request.POST.get("version"))
        row = rule_versions.save_draft(
            by=by, numbers=numbers, reason=request.POST.get("reason", "")[:500], seen=seen or 0
        )
        if "publish" not in request.POST:
            address = reverse("admin:screening_rulesetversion_draft")
            return HttpResponseRedirect(f"{address}?effect=1#effect", status=SEE_OTHER)
        published = rule_versions.publish(by=by, seen=row.version)
        messages.success(
            request,
            f"Version {published.number} is in use for new screenings. Old results keep theirs.",
        )
        return self._to_list()

    def discard(self, request: HttpRequest) -> HttpResponse:
        """Throw the draft away."""
        if not request.user.has_perm(permissions.EDIT_RULES):
            raise PermissionDenied
        rule_versions.discard_draft(by=staff(request))
        messages.success(request, "The draft is gone. The version in use stays as it is.")
        return self._to_list()

    def _form(
        self,
        request: HttpRequest,
        *,
        effect: bool = False,
        problems: list[str] | None = None,
        typed: QueryDict | None = None,
        status: int = 200,
    ) -> HttpResponse:
        row, base = rule_versions.draft(), rule_versions.current()
        before = editing.values(base)
        changes = row.changes if row and str(row.based_on) == base.version else {}
        context = {
            "title": f"Rules version {int(base.version) + 1}, draft",
            "base": base.version,
            "draft": row,
            "reason": typed.get("reason", "") if typed else row.reason if row else "",
            "problems": problems or [],
            "tables": rule_numbers.tables({**before, **changes}, before, typed),
            "changed": len(changes),
            "proof": self._proof(base, changes) if effect and changes else None,
            "examined": rule_proof.MOST_SCREENINGS,
        }
        return self._page(request, "admin/screening/rules_draft.html", context, status)

    def _proof(self, base: RuleSet, changes: dict[str, int]) -> rule_proof.Proof:
        number = int(base.version) + 1
        return rule_proof.of(base, editing.changed(base, changes, version=str(number)))

    # --- shared -------------------------------------------------------------------------------

    def _check_may_read(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("rules read", actor=request.user, request=request)

    def _page(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> TemplateResponse:
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "may_edit": request.user.has_perm(permissions.EDIT_RULES),
        }
        return TemplateResponse(request, template, {**shared, **context}, status=status)

    def _to_list(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:screening_rulesetversion_changelist"), status=SEE_OTHER
        )
