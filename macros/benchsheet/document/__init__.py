"""The Record: one run as plain data, which every face and the replay read and nothing else."""

from .doing import preparations, reagents, steps
from .holding import leftovers, plates, vessels, waste
from .naming import SCHEMA, command, derived, head, lab, parameters, timetable, total_time
from .quantities import Json, data, quantity

__all__ = [
    "SCHEMA",
    "Json",
    "command",
    "data",
    "derived",
    "head",
    "lab",
    "leftovers",
    "parameters",
    "plates",
    "preparations",
    "quantity",
    "reagents",
    "steps",
    "timetable",
    "total_time",
    "vessels",
    "waste",
]
