"""The admin of screening: incoming screenings and patients. `exercises.admin` adds the plan."""

from django.contrib import admin

from screening.admin.patients import PatientAdmin
from screening.admin.rule_versions import RuleSetVersionAdmin
from screening.admin.screenings import ScreeningAdmin
from screening.models import Patient, RuleSetVersion, Screening

admin.site.register(Screening, ScreeningAdmin)
admin.site.register(Patient, PatientAdmin)
admin.site.register(RuleSetVersion, RuleSetVersionAdmin)
