"""What each role may do: one table, read by `RoleBackend`. No permission is a database row.

Clinical acts belong to the chiropractor alone. The owner runs the practice: profile, staff, audit
log; an owner who also treats has a second account as a chiropractor, so that every release of a
plan names a clinician. Nobody may delete a clinical row, whatever their role.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from chiro.practice.models import Role, User

# Acts that are more than viewing or changing one row.
PRINT_BLANK = "practice.view_practice"  # The blank paper holds nothing but the practice.
KEY_IN = "screening.add_screening"
PRINT_SUMMARY = "screening.view_screening"
ACKNOWLEDGE_ALERT = "screening.acknowledge_review"
CLEAR_SCREENING = "screening.clear_review"
EXAMINE = "screening.change_examination"
SET_LEVELS = "screening.set_levels_review"
WITHHOLD_PLAN = "screening.withhold_review"
CHANGE_PLAN = "exercises.change_plan"
EDIT_RULES = "screening.add_rulesetversion"
EDIT_LIBRARY = "exercises.change_libraryoverlay"
APPROVE_PLAN = "exercises.approve_plan"
PRINT_PLAN = "exercises.print_plan"
SHARE_PLAN = "exercises.add_planlink"
REVOKE_LINK = "exercises.revoke_planlink"
INVITE = "screening.add_invitation"
REVOKE_INVITATION = "screening.revoke_invitation"
SET_UP_TABLET = "screening.add_kiosk"
SEND_AGAIN = "practice.send_outboxmessage"
READ_AUDIT = "practice.view_auditevent"
EXPORT_PATIENT = "screening.export_patient"
ARCHIVE_PATIENT = "screening.archive_patient"
ERASE_PATIENT = "screening.erase_patient"
EXPORT_PRACTICE = "practice.export_practice"
READ_GUIDE = "screening.view_guide"
KEY_IN_DIARY = "exercises.add_diaryentry"
FOLLOW_UP = "exercises.view_diaryentry"
DASHBOARD = "practice.view_dashboard"

FRONT_DESK = frozenset(
    {
        "practice.view_practice",
        "screening.view_patient",
        "screening.change_patient",
        KEY_IN,
        KEY_IN_DIARY,
        PRINT_PLAN,
        SHARE_PLAN,
        REVOKE_LINK,
        "exercises.view_plandocument",
        "exercises.view_planlink",
        INVITE,
        REVOKE_INVITATION,
        "screening.view_invitation",
        SET_UP_TABLET,
        "screening.view_kiosk",
        SEND_AGAIN,
        "practice.view_outboxmessage",
    }
)

CHIROPRACTOR = FRONT_DESK | {
    FOLLOW_UP,
    DASHBOARD,
    "screening.view_screening",
    "screening.view_review",
    "screening.change_review",
    "screening.view_examination",
    "screening.add_examination",
    EXAMINE,
    "screening.view_decision",
    "screening.view_rulesetversion",
    EXPORT_PATIENT,
    ARCHIVE_PATIENT,
    READ_GUIDE,
    ACKNOWLEDGE_ALERT,
    CLEAR_SCREENING,
    SET_LEVELS,
    WITHHOLD_PLAN,
    "exercises.view_plan",
    CHANGE_PLAN,
    APPROVE_PLAN,
    "exercises.view_planitem",
    "exercises.add_planitem",
    "exercises.change_planitem",
    "exercises.delete_planitem",
    EDIT_LIBRARY,
    "exercises.view_libraryoverlay",
    "exercises.view_practiceexercise",
    "exercises.add_practiceexercise",
    "exercises.change_practiceexercise",
    "exercises.view_plantemplate",
    "exercises.change_plantemplate",
}

OWNER = FRONT_DESK | {
    FOLLOW_UP,
    DASHBOARD,
    "practice.add_practice",
    "practice.change_practice",
    "practice.view_user",
    "practice.add_user",
    "practice.change_user",
    READ_AUDIT,
    EXPORT_PATIENT,
    EXPORT_PRACTICE,
    ARCHIVE_PATIENT,
    ERASE_PATIENT,
    READ_GUIDE,
    "screening.view_rulesetversion",
    EDIT_RULES,
    "screening.view_screening",
    "screening.view_review",
    "screening.view_examination",
    "screening.view_decision",
    "exercises.view_plan",
    "exercises.view_planitem",
    "exercises.view_libraryoverlay",
    "exercises.view_practiceexercise",
    "exercises.view_plantemplate",
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.FRONT_DESK: FRONT_DESK,
    Role.CHIROPRACTOR: frozenset(CHIROPRACTOR),
    Role.OWNER: frozenset(OWNER),
}

type Account = User | AnonymousUser


def of(user: Account) -> frozenset[str]:
    """Return everything this member of staff may do; nothing for a visitor or a former one."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return frozenset()
    return PERMISSIONS.get(user.role, frozenset())


class RoleBackend(ModelBackend):
    """Signs in by password, and answers `user.has_perm` from the table above.

    Django's tables of permissions are never read: no row in them widens what somebody may do.
    """

    def get_user_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Nobody has a permission of their own."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """There are no groups."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Return the role's permissions; the same for every row."""
        return set(of(user_obj))

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """Say whether the role holds this permission."""
        return perm in of(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Say whether the role may see anything of this app."""
        return any(perm.startswith(f"{app_label}.") for perm in of(user_obj))
