"""Tables of plain values, as CSV that no spreadsheet takes for a formula, or as Parquet."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from therapy.errors import UsageError
from therapy.export.dictionary import MEANINGS

Cell = str | int | float | bool | None
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠|%")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, which end with their units, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_csv(table: Table) -> bytes:
    """UTF-8 CSV (RFC 4180); text that a spreadsheet would take for a formula is led by an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.columns)
    writer.writerows([_guarded(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8", "replace")


def as_parquet(table: Table) -> bytes:
    """Parquet with units and meanings in the columns' metadata; `UsageError` if the extra is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise UsageError("Parquet needs a package more.", "Install it: pip install 'acclimate[parquet]'.") from error
    columns = [[row[place] for row in table.rows] for place in range(len(table.columns))]
    fields = []
    arrays = []
    for name, values in zip(table.columns, columns, strict=True):
        array = pa.array(values)
        meaning = MEANINGS.get(name)
        metadata = {} if meaning is None else {"unit": meaning.unit, "meaning": meaning.words}
        arrays.append(array)
        fields.append(pa.field(name, array.type, metadata=metadata))
    sink = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), sink)
    return sink.getvalue()


def dictionary_of(tables: Iterable[Table]) -> Table:
    """The data dictionary of some tables: each column with its unit and its meaning."""
    rows: list[tuple[Cell, ...]] = []
    for table in tables:
        for column in table.columns:
            meaning = MEANINGS[column]
            rows.append((table.name, column, meaning.unit, meaning.words))
    return Table("data-dictionary", ("table", "column", "unit", "meaning"), tuple(rows))


def plain_rows(rows: Iterable[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows whose numbers that are not numbers have become empty."""
    return tuple(tuple(_finite(cell) for cell in row) for row in rows)


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell


def _guarded(cell: Cell) -> str:
    """A cell as CSV holds it; an apostrophe in front of what would be a formula (OWASP, CSV injection)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if not isinstance(cell, str):
        return repr(cell)
    text = cell.replace("\0", "")
    return "'" + text if text.lstrip(" ").startswith(_FORMULA_STARTS) or text.startswith("'") else text
