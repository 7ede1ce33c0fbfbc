"""The admin of exercises: the plan on the review page, approved plans, personal links,
follow-up."""

from django.contrib import admin

from exercises.admin.documents import PlanDocumentAdmin
from exercises.admin.follow_up import DiaryEntryAdmin
from exercises.admin.own_library import LibraryTextAdmin, OwnExerciseAdmin, TemplateAdmin
from exercises.admin.patient_records import PatientRecordAdmin
from exercises.admin.personal_links import PlanLinkAdmin
from exercises.admin.reviewing import ReviewAdmin
from exercises.models import (
    DiaryEntry,
    LibraryOverlay,
    PlanDocument,
    PlanLink,
    PlanTemplate,
    PracticeExercise,
)
from screening.models import Patient, Screening

# The review page of `screening` knows no plan; this one adds it.
admin.site.unregister(Screening)
admin.site.register(Screening, ReviewAdmin)
admin.site.unregister(Patient)
admin.site.register(Patient, PatientRecordAdmin)
admin.site.register(PlanDocument, PlanDocumentAdmin)
admin.site.register(PlanLink, PlanLinkAdmin)
admin.site.register(PracticeExercise, OwnExerciseAdmin)
admin.site.register(PlanTemplate, TemplateAdmin)
admin.site.register(LibraryOverlay, LibraryTextAdmin)
admin.site.register(DiaryEntry, DiaryEntryAdmin)
