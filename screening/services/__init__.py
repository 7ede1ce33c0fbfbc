"""The only writers of patients, drafts, screenings and reviews."""
