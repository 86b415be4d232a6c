"""An exact amount of one kind, and its arithmetic: kinds that do not belong together are not added, compared or divided."""

from __future__ import annotations

from fractions import Fraction

from .._dataclass import dataclass
from ..errors import ProtocolError
from .display import format_amount
from .kinds import BY_MASS

# (kind, kind) -> (kind of the quotient, factor to its base): cells per well over volume per well is a density
_QUOTIENTS = {
    ("cells", "volume"): ("cell density", Fraction(1)),
    ("mass", "volume"): ("mass concentration", Fraction(1000)),
    ("mass", BY_MASS): ("mass", Fraction(100)),
    ("mass concentration", "molar mass"): ("molarity", Fraction(1000)),  # 1 µg/mL of 1 g/mol is 1 mM
    ("mass concentration", "molarity"): ("molar mass", Fraction(1000)),
}
_PRODUCTS = {
    ("cell density", "volume"): ("cells", Fraction(1)),
    ("mass concentration", "volume"): ("mass", Fraction(1, 1000)),
    (BY_MASS, "mass"): ("mass", Fraction(1, 100)),
    ("molarity", "molar mass"): ("mass concentration", Fraction(1, 1000)),
}
_NUMBERS = (Fraction, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An exact *value* in the base unit of its *kind*.

    *per* is the count it is for (``well`` in ``100 uL/well``), if any. *origin* is the parameter it came from, so that
    a refusal can name what the user may change; it takes no part in comparison.
    """

    value: Fraction
    kind: str
    per: str = ""
    origin: str = ""

    @staticmethod
    def parse(text: str) -> Quantity:
        """Return the quantity that *text* spells: ``113 uL``. Raise ProtocolError for what cannot be read, or has no unit."""
        from .parse import parse_quantity

        return parse_quantity(text)

    def __str__(self) -> str:
        return format_amount(self.value, self.kind) + (f"/{self.per}" if self.per else "")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):  # a template writes '510 nm' as a text: read it, as < and > do
            other = self._coerce(other, "compare")
            return self.value == other.value and (self.per == other.per or not (self.per and other.per))
        if not isinstance(other, Quantity):
            return NotImplemented
        return (self.value, self.kind, self.per) == (other.value, other.kind, other.per)

    def __hash__(self) -> int:
        return hash((self.value, self.kind, self.per))

    def _coerce(self, other: object, act: str) -> Quantity:
        if isinstance(other, str):
            from .parse import parse_quantity

            other = parse_quantity(other)
        if not isinstance(other, Quantity) or other.kind != self.kind:
            raise ProtocolError(f"cannot {act} {self} ({self.kind}) and {describe_value(other)}", "both have to be of one kind")
        return other

    def _joint_origin(self, other: object) -> str:
        return self.origin or getattr(other, "origin", "")

    def __add__(self, other: object) -> Quantity:
        return Quantity(value=self.value + self._coerce(other, "add").value, kind=self.kind, per=self.per, origin=self._joint_origin(other))

    def __sub__(self, other: object) -> Quantity:
        return Quantity(value=self.value - self._coerce(other, "subtract").value, kind=self.kind, per=self.per, origin=self._joint_origin(other))

    def __mul__(self, other: object) -> Quantity:
        if isinstance(other, _NUMBERS):
            return Quantity(value=self.value * other, kind=self.kind, per=self.per, origin=self.origin)
        if isinstance(other, Quantity):
            refuse_by_mass(self, other, "volume")
            for one, two in ((self, other), (other, self)):
                if (one.kind, two.kind) in _PRODUCTS:
                    kind, size = _PRODUCTS[one.kind, two.kind]
                    return Quantity(value=one.value * two.value * size, kind=kind, per=two.per, origin=self._joint_origin(other))
        raise ProtocolError(f"cannot multiply {self} ({self.kind}) by {describe_value(other)}", "multiply by a number, or a density by a volume")

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Quantity | Fraction:
        by = other.value if isinstance(other, Quantity) else other
        if isinstance(by, _NUMBERS) and not by:
            raise ProtocolError(f"cannot divide {self} by nothing", "it comes to zero here")
        if isinstance(other, Quantity):
            refuse_by_mass(self, other, "volume", BY_MASS)
            if other.kind == self.kind:
                return Fraction(self.value / other.value)
            if (self.kind, other.kind) in _QUOTIENTS:
                kind, size = _QUOTIENTS[self.kind, other.kind]
                return Quantity(
                    value=self.value / other.value * size, kind=kind, per=self.per if other.kind == BY_MASS else "", origin=self._joint_origin(other)
                )
        elif isinstance(other, _NUMBERS):
            return Quantity(value=self.value / other, kind=self.kind, per=self.per, origin=self.origin)
        raise ProtocolError(
            f"cannot divide {self} ({self.kind}) by {describe_value(other)}", "divide by a number, by the same kind, or cells by a volume"
        )

    def __lt__(self, other: object) -> bool:
        return self.value < self._coerce(other, "compare").value

    def __le__(self, other: object) -> bool:
        return self.value <= self._coerce(other, "compare").value

    def __gt__(self, other: object) -> bool:
        return self.value > self._coerce(other, "compare").value

    def __ge__(self, other: object) -> bool:
        return self.value >= self._coerce(other, "compare").value


def refuse_by_mass(one: Quantity, two: Quantity, *kinds: str) -> None:
    """Raise ProtocolError where a percent by mass meets another of *kinds*: a volume, or what would be a share of one."""
    for percent, other in ((one, two), (two, one)):
        if percent.kind == BY_MASS and other.kind in kinds:
            message, hint = by_mass(str(percent))
            raise ProtocolError(f"{describe_value(one)} and {describe_value(two)}: {message}", f"{hint}; by mass: mass * '10 % w/w' / '37 % w/w'")


def by_mass(text: str) -> tuple[str, str]:
    """Return the refusal of the percent by mass *text* in arithmetic by volume: what is wrong, and the way out.

    With its density it is read as % w/v: see `density.density_of_percent`.
    """
    return (
        f"{text!r} is a percent by mass: no volume follows from it without the density",
        "give the density with it, like '37 % w/w at 1.19 g/mL'; or write M, mg/mL or % w/v, as the label says",
    )


def describe_value(value: object) -> str:
    """Return *value* for a message, with its kind."""
    if isinstance(value, Quantity):
        return f"{value} ({value.kind})"
    if isinstance(value, bool):
        return f"{'yes' if value else 'no'} (flag)"
    if isinstance(value, int | Fraction):
        return f"{value} (a number without a unit)"
    if isinstance(value, float):
        return f"{value} (a float, which is not exact; Fraction({str(value)!r}) is)"
    if isinstance(value, tuple):
        return f"{len(value)} {'value' if len(value) == 1 else 'values'} (a list)"
    return f"{str(value)!r} (text)"


def is_negative(value: object) -> bool:
    """Return whether *value* is an amount or a number below nothing; a temperature may be."""
    if isinstance(value, Quantity):
        return value.value.numerator < 0 and value.kind != "temperature"
    return isinstance(value, int | Fraction) and value.numerator < 0
