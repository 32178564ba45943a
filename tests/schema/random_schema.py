"""Random schemas of objects that depend on each other, as data that can be changed and written as DDL.

What an object says is made when it is written, from the present types of what it refers to: a check on a column that
became text is a check on text. `repair` takes away what refers to something that is gone. So each change of the data
leaves a schema that loads.
"""

from dataclasses import dataclass, field

SCALARS = (
    "integer", "bigint", "smallint", "text", "varchar(20)", "varchar(80)", "numeric(10,2)", "boolean", "date",
    "timestamptz", "uuid", "jsonb", "double precision",
)  # fmt: skip
CLASSES = {
    "integer": "int", "bigint": "int", "smallint": "int", "text": "text", "boolean": "bool", "date": "date",
    "timestamptz": "time", "uuid": "uuid", "jsonb": "json", "double precision": "int", "numeric(10,2)": "int",
    "varchar(20)": "text", "varchar(80)": "text",
}  # fmt: skip
INDEXABLE = ("int", "text", "bool", "date", "time", "uuid", "enum", "array")
ROLES = ("app", "reader", "PUBLIC")
SCHEMAS = ("public", "public", "other")


@dataclass
class Column:
    name: str
    type: str  # a type's name, with [] for an array; "ref TABLE" for the type of that table's key
    not_null: bool = False
    default: int = None  # a variant of a default
    default_by: str = None  # a function or sequence that makes the default
    generated_from: str = None  # a column
    collate: bool = False
    identity: str = None  # "ALWAYS", "BY DEFAULT", "serial"
    comment: int = None
    statistics: int = None


@dataclass
class Table:
    name: str
    columns: list
    key: str = None
    checks: dict = field(default_factory=dict)  # name: (column, variant, function)
    uniques: dict = field(default_factory=dict)  # name: columns
    indexes: dict = field(default_factory=dict)  # name: (columns, variant)
    foreign_keys: dict = field(default_factory=dict)  # name: (column, table, variant)
    policies: dict = field(default_factory=dict)  # name: (column, variant)
    triggers: dict = field(default_factory=dict)  # name: (function, column, variant)
    statistics: dict = field(default_factory=dict)  # name: (column, column)
    row_security: bool = False
    fillfactor: int = None
    partition_by: tuple = None  # (method, column)
    partitions: list = field(default_factory=list)  # Partition
    inherits: str = None


@dataclass
class Partition:
    name: str
    number: int  # -1: the default partition
    partitions: list = field(default_factory=list)  # split again by HASH (id)
    check: int = None


@dataclass
class View:
    name: str
    source: str  # a table or view
    columns: list  # (name, column of the source, variant)
    condition: tuple = None  # (column, variant)
    materialized: bool = False
    index: str = None  # a column
    grouped: bool = False


@dataclass
class Function:
    name: str
    kind: str  # "int", "text": immutable, of one argument; "make": a volatile maker; "trigger"; "count": of a table
    variant: int = 0
    argument: str = "a"
    plpgsql: bool = False
    of: str = None  # for "count": the table
    atomic: bool = False


@dataclass
class Schema:
    enums: dict = field(default_factory=dict)  # name: values
    domains: dict = field(default_factory=dict)  # name: (base type, variant, function)
    composites: dict = field(default_factory=dict)  # name: [(attribute, type)]
    sequences: dict = field(default_factory=dict)  # name: (increment, cache)
    functions: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    views: dict = field(default_factory=dict)
    grants: dict = field(default_factory=dict)  # (object's name, role): variant
    comments: dict = field(default_factory=dict)  # object's name: text number
    numbers: int = 0

    def new_name(self, prefix):
        self.numbers += 1
        return f"{prefix}{self.numbers}"

    # Types -------------------------------------------------------------------------------------------------------

    def resolved(self, type_name, depth=0):
        """The type as it is written."""
        if type_name.startswith("ref "):
            target = self.tables.get(type_name[4:])
            column = target and target.key and next(each for each in target.columns if each.name == target.key)
            return self.resolved(column.type, depth + 1) if column and depth < 3 else "integer"
        return type_name

    def class_of(self, type_name):
        type_name = self.resolved(type_name)
        if type_name.endswith("[]"):
            return "array"
        if type_name in self.enums:
            return "enum"
        if type_name in self.domains:
            return self.class_of(self.domains[type_name][0])
        return "composite" if type_name in self.composites else CLASSES.get(type_name, "other")

    def type_exists(self, type_name):
        name = type_name.removesuffix("[]")
        known = (self.enums, self.domains, self.composites, CLASSES)
        return name.startswith("ref ") or any(name in kind for kind in known)

    def enum_of(self, type_name):
        type_name = self.resolved(type_name)
        return self.enums[type_name] if type_name in self.enums else self.enum_of(self.domains[type_name][0])

    def function(self, name, kind):
        found = self.functions.get(name)
        return found if found and found.kind == kind else None

    # Columns of tables and views -----------------------------------------------------------------------------------

    def columns_of(self, name):
        """{column: class} of a table or view."""
        if name in self.tables:
            return {column.name: self.column_class(self.tables[name], column) for column in self.all_columns(name)}
        view = self.views.get(name)
        if not view:
            return {}
        below = self.columns_of(view.source)
        found = {out: self._output_class(below[column], variant) for out, column, variant in view.columns if column in below}
        return {**found, "n": "int"} if view.grouped else found

    def all_columns(self, name):
        table = self.tables[name]
        inherited = self.all_columns(table.inherits) if table.inherits in self.tables else []
        return [*inherited, *table.columns]

    def column_class(self, table, column):
        if column.generated_from:
            base = next((each for each in self.all_columns(table.name) if each.name == column.generated_from), None)
            return "int" if base and self.class_of(base.type) == "int" else "text"
        return self.class_of(column.type)

    def _output_class(self, class_name, variant):
        if variant % 5 == 3:
            return "text"
        return class_name

    def output(self, column, class_name, variant):
        """An expression of a view."""
        if variant % 5 == 3:
            return f"COALESCE({column}::text, 'none {variant}')"
        if variant % 5 == 4 and class_name == "int":
            return f"{column} + {variant}"
        return column

    def condition(self, column, class_name, variant, function=None):
        """A condition on a column."""
        caller = self.functions.get(function)
        if caller and caller.kind == class_name == "int":
            return f"{caller.name}({column}::integer) > {variant}"
        if caller and caller.kind == class_name == "text":
            return f"{caller.name}({column}::text) <> 'no {variant}'"
        match class_name:
            case "int":
                return f"{column} > {variant}" if variant % 2 else f"{column} BETWEEN {variant} AND {variant + 1000}"
            case "text":
                return f"{column} IN ('a', 'b', 'value {variant}')" if variant % 3 == 0 else f"length({column}) < {variant + 50}"
            case "bool":
                return f"{column} IS NOT FALSE" if variant % 2 else f"NOT {column}"
            case "date" | "time":
                return f"{column} > '2001-01-{variant % 28 + 1:02}'"
            case "array":
                return f"cardinality({column}) < {variant + 5}"
            case "enum":
                return f"{column}::text <> 'no {variant}'"  # of any of its values: rows have to fit
        return f"{column} IS NOT NULL"

    # Names in use --------------------------------------------------------------------------------------------------

    def relations(self):
        return [*self.tables, *self.views]

    def repair(self):
        """Takes away what refers to something that is gone."""
        before = None
        while before != (before := repr(self)):
            self._repair_types()
            self._repair_tables()
            self._repair_views()
            for name, function in list(self.functions.items()):
                if function.kind == "count" and function.of not in self.tables:
                    del self.functions[name]
            known = {*self.tables, *self.views, *self.functions, *self.enums, *self.domains, *self.sequences, *self.composites}
            self.grants = {key: value for key, value in self.grants.items() if key[0] in known}
            self.comments = {name: value for name, value in self.comments.items() if name in known}

    def _repair_types(self):
        for name, (base, variant, function) in list(self.domains.items()):
            if not self.type_exists(base):
                self.domains[name] = ("text", variant, function)
            elif function and function not in self.functions:
                self.domains[name] = (base, variant, None)
        for name, attributes in list(self.composites.items()):
            self.composites[name] = [each for each in attributes if self.type_exists(each[1])] or [("x", "integer")]

    def _repair_tables(self):
        for table in list(self.tables.values()):
            if table.inherits and table.inherits not in self.tables:
                table.inherits = None
            for column in table.columns:
                if not self.type_exists(column.type):
                    column.type, column.default = "text", None
                if column.default_by and column.default_by not in {*self.functions, *self.sequences}:
                    column.default_by = None
                own = {each.name for each in table.columns if not each.generated_from}
                if column.generated_from and column.generated_from not in own:
                    column.generated_from = None
            names = {column.name for column in self.all_columns(table.name)}
            own = {column.name for column in table.columns}
            if table.key and table.key not in own:
                table.key = None
            keep = {
                "checks": lambda value: value[0] in own,
                "uniques": lambda value: set(value) <= own,
                "indexes": lambda value: set(value[0]) <= names,
                "policies": lambda value: value[0] in names,
                "triggers": lambda value: value[0] in self.functions and value[1] in names,
                "statistics": lambda value: set(value) <= names,
                "foreign_keys": lambda value: value[0] in own and self._is_target(value[1]),
            }
            for attribute, is_kept in keep.items():
                kept = {name: value for name, value in getattr(table, attribute).items() if is_kept(value)}
                setattr(table, attribute, kept)

    def _is_target(self, name):
        return name in self.tables and self.tables[name].key is not None

    def _repair_views(self):
        for name, view in list(self.views.items()):
            below = self.columns_of(view.source)
            view.columns = [each for each in view.columns if each[1] in below]
            if view.condition and view.condition[0] not in below:
                view.condition = None
            if view.index and view.index not in {out for out, _, _ in view.columns}:
                view.index = None
            if not view.columns:
                del self.views[name]
