"""The fault lab: what goes wrong, how often it was made to, what was promised and what was seen.

`python -m tests.faults` runs it whole and prints the table of docs/reliability.md.
"""
