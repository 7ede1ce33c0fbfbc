"""The practice's own pages in the admin: profile, staff and the audit log."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from chiro.practice import audit, audit_admin, outbox, permissions, profile, second_factor, signins
from chiro.practice.long_lists import LongPaginator
from chiro.practice.models import AuditEvent, OutboxMessage, Practice, User
from chiro.practice.profile import PracticeForm


def member_of_staff(request: HttpRequest) -> User:
    """The member of staff who asks."""
    assert isinstance(request.user, User)
    return request.user


# Addresses are not used, and an authenticator is a secret: neither is a page.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)
admin.site.register(AuditEvent, audit_admin.AuditEventAdmin)

# Roles are a table in code, so groups and single permissions would have no effect.
admin.site.unregister(Group)


@admin.register(Practice)
class PracticeAdmin(admin.ModelAdmin):
    """The one profile. It can be made once, changed, never deleted."""

    form = PracticeForm
    readonly_fields = ("how_far",)
    fieldsets = (
        (None, {"fields": ("name", "address", "phone", "emergency_number")}),
        ("Paper and look", {"fields": ("paper", "accent", "new_logo", "remove_logo")}),
        ("Who sees what when", {"fields": ("result_policy", "plan_policy")}),
        ("Invitations", {"fields": ("invitation_text",)}),
        ("Retention", {"fields": ("draft_days", "retention_years")}),
        ("Languages", {"fields": ("languages", "how_far", "accept_unreviewed")}),
        ("Pain guide on the plan, 0 to 10", {"fields": ("green_up_to", "yellow_up_to")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow the first and only profile."""
        return super().has_add_permission(request) and not Practice.objects.exists()

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Write the one row and record who did."""
        obj.pk = 1
        super().save_model(request, obj, form, change)
        audit.record("practice changed", actor=request.user, obj=obj, request=request)
        for warning in profile.warnings(obj):
            messages.warning(request, warning)

    @admin.display(description="How far each is")
    def how_far(self, obj: Practice) -> SafeString:
        """The table of the languages."""
        return profile.table()


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Members of staff: an account each, a role each. Former staff are made inactive."""

    list_display = ("username", "first_name", "last_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Name", {"fields": ("first_name", "last_name", "credentials", "email")}),
        ("Work", {"fields": ("role", "is_active")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("username", "role", "usable_password", "password1", "password2")},
        ),
    )
    filter_horizontal = ()
    actions = ("reset_second_step", "sign_out_everywhere")

    @admin.action(
        description="Let them set up a new second step (phone or key lost)", permissions=["change"]
    )
    def reset_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take their second factors away; the next sign-in sets up a new one."""
        for member in queryset:
            second_factor.remove_all(member, by=member_of_staff(request))
        messages.success(request, "They set up a new second step at their next sign-in.")

    @admin.action(
        description="Sign them out everywhere (device lost, or left open)", permissions=["change"]
    )
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End their sessions in every browser."""
        ended = [signins.end_sessions(member, by=member_of_staff(request)) for member in queryset]
        messages.success(request, f"Signed out of {sum(ended)} browsers. They can sign in again.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Keep technical accounts out of reach of everybody but themselves."""
        staff = super().get_queryset(request)
        return staff if request.user.is_superuser else staff.filter(is_superuser=False)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Write the account; every account made here may sign in to the admin."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)
        event = "staff changed" if change else "staff added"
        audit.record(event, actor=request.user, obj=obj, request=request)
        if not obj.is_active:  # Switched on again later, an old browser must not be signed in.
            signins.end_sessions(obj, by=member_of_staff(request))


@admin.register(OutboxMessage)
class OutboxAdmin(admin.ModelAdmin):
    """E-mail that waits or was sent, to read, and to try again. Its text is shown to nobody."""

    list_display = ("created_at", "kind", "recipient", "state", "tries", "problem")
    list_display_links = None
    search_fields = ("recipient",)
    ordering = ("-pk",)
    paginator = LongPaginator
    show_full_result_count = False
    actions = ("send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Services write here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutboxMessage | None = None) -> bool:
        """Nobody changes a message."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutboxMessage | None = None) -> bool:
        """Nobody loses a message."""
        return False

    def has_send_permission(self, request: HttpRequest) -> bool:
        """Who may have a message tried again."""
        return request.user.has_perm(permissions.SEND_AGAIN)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is no page of one message: its text may hold a link."""
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; says first how many were not sent."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        audit.record("outgoing e-mail read", actor=request.user, request=request)
        if request.method == "GET" and (count := outbox.not_sent().count()):
            messages.warning(request, f"Not sent: {count}. The last column says why.")
        context = {"title": "Outgoing e-mail"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.action(description="Try these again now", permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        """Make them due now."""
        for message in queryset:
            outbox.try_again(message)
            audit.record("e-mail tried again", actor=request.user, obj=message, request=request)
        messages.success(request, "They are tried again now.")

    @admin.display(description="State")
    def state(self, message: OutboxMessage) -> str:
        """Where a message stands."""
        return outbox.state(message)
