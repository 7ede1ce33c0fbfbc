"""Papers beside the plan: the blank questionnaire, and the summary of a screening for the chart.

Each module composes JSON-able words for one template; `pdf` prints them. Read by the paper views
and `print_questionnaire`.
"""
