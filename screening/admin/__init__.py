"""The admin of screening: incoming screenings and patients. `exercises.admin` adds the plan."""

from django.contrib import admin

from screening.admin.invitations import InvitationAdmin, KioskAdmin
from screening.admin.patients import PatientAdmin
from screening.admin.rule_versions import RuleSetVersionAdmin
from screening.admin.screenings import ScreeningAdmin
from screening.models import Invitation, Kiosk, Patient, RuleSetVersion, Screening

admin.site.register(Screening, ScreeningAdmin)
admin.site.register(Patient, PatientAdmin)
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(Kiosk, KioskAdmin)
admin.site.register(RuleSetVersion, RuleSetVersionAdmin)
