"""The article's six thresholds for seeing a doctor: numbers and states.

`findings.assess` judges them. `evidence.py` holds what they are judged by, `weeks.py` and
`wear_time.py` sort it by days and places. Sentences belong to the dashboard.
"""
