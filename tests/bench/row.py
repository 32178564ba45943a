"""A row of the benchmark's table."""

from dataclasses import dataclass


@dataclass
class Row:
    """One row of work: the contestants, the first of which the others are compared with.

    `picture`: the picture that shows it. `grows`: the same work at several sizes, whose names begin with the number of
    these; they are a curve, and a picture of their own.
    """

    name: str
    contestants: list
    goal: str
    picture: str = "speed"
    grows: str = ""

    @property
    def reference(self):
        return self.contestants[0]
