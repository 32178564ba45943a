"""Writes a random schema as DDL, in an order that loads."""

ACTIONS = ("", " ON DELETE CASCADE", " ON UPDATE CASCADE ON DELETE SET NULL", " ON DELETE RESTRICT",
           " DEFERRABLE INITIALLY DEFERRED")  # fmt: skip
TEXT_TYPES = ("text", "varchar(20)", "varchar(80)")


def ddl(schema):
    """The whole schema."""
    lines = ["CREATE SCHEMA other;"]
    lines += [f"CREATE TYPE {name} AS ENUM ({_values(values)});" for name, values in schema.enums.items()]
    lines += [_function(schema, each) for each in schema.functions.values() if each.kind != "count"]
    lines += [_domain(schema, name, *domain) for name, domain in schema.domains.items()]
    for name, attributes in schema.composites.items():
        lines.append(f"CREATE TYPE {name} AS ({', '.join(f'{each} {kind}' for each, kind in attributes)});")
    for name, (increment, cache) in schema.sequences.items():
        lines.append(f"CREATE SEQUENCE {name} INCREMENT BY {increment} CACHE {cache};")
    for table in _parents_first(schema):
        lines += _table(schema, table)
    for table in schema.tables.values():
        lines += _after_tables(schema, table)
    for view in schema.views.values():
        lines += _view(schema, view)
    lines += [_function(schema, each) for each in schema.functions.values() if each.kind == "count"]
    lines += [_grant(schema, name, role, variant) for (name, role), variant in schema.grants.items()]
    lines += [f"COMMENT ON {_kind(schema, name)} IS 'it''s comment {number}';" for name, number in schema.comments.items()]
    return "\n".join(lines) + "\n"


def _values(values):
    return ", ".join(f"'{value}'" for value in values)


def _parents_first(schema):
    done = []
    for table in schema.tables.values():
        _add_with_parent(schema, table, done)
    return done


def _add_with_parent(schema, table, done):
    if table in done:
        return
    if table.inherits:
        _add_with_parent(schema, schema.tables[table.inherits], done)
    done.append(table)


def _domain(schema, name, base, variant, function):
    class_name = schema.class_of(base)
    check = schema.condition("VALUE", class_name, variant, function)
    return f"CREATE DOMAIN {name} AS {base} CONSTRAINT {name.split('.')[-1]}_ok CHECK ({check});"


def _function(schema, function):
    name, variant = function.name, function.variant
    match function.kind:
        case "int" | "text":
            kind = "integer" if function.kind == "int" else "text"
            operation = f"+ {variant}" if function.kind == "int" else f"|| ' {variant}'"
            body = f"{function.argument} {operation}"
            head = f"CREATE FUNCTION {name}({function.argument} {kind}) RETURNS {kind} IMMUTABLE"
            if function.plpgsql:
                return f"{head} LANGUAGE plpgsql AS $$ BEGIN RETURN {body}; END $$;"
            return f"{head} LANGUAGE sql AS $$ SELECT {body} $$;"
        case "make":
            return f"CREATE FUNCTION {name}() RETURNS integer LANGUAGE sql VOLATILE AS $$ SELECT {variant} + 1 $$;"
        case "trigger":
            return (
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN PERFORM {variant}; RETURN NEW; END $$;"
            )
    body = f"SELECT count(*) + {variant} FROM {function.of}"
    text = f"BEGIN ATOMIC {body}; END" if function.atomic else f"AS $$ {body} $$"
    return f"CREATE FUNCTION {name}() RETURNS bigint LANGUAGE sql STABLE {text};"


def _table(schema, table):
    elements = [_column(schema, table, column) for column in table.columns]
    if table.key:
        elements.append(f"PRIMARY KEY ({table.key})")
    for name, (column, variant, function) in table.checks.items():
        found = next(each for each in table.columns if each.name == column)
        class_name = schema.column_class(table, found)
        elements.append(f"CONSTRAINT {name} CHECK ({schema.condition(column, class_name, variant, function)})")
    elements += [f"CONSTRAINT {name} UNIQUE ({', '.join(columns)})" for name, columns in table.uniques.items()]
    text = f"CREATE TABLE {table.name} (\n  " + ",\n  ".join(elements) + "\n)"
    if table.inherits:
        text += f" INHERITS ({table.inherits})"
    if table.partition_by:
        text += f" PARTITION BY {table.partition_by[0]} ({table.partition_by[1]})"
    elif table.fillfactor:
        text += f" WITH (fillfactor = {table.fillfactor})"
    lines = [text + ";"]
    for partition in table.partitions:
        lines += _partition(table.name, table.partition_by[0], partition, len(table.partitions))
    return lines


def _partition(parent, method, partition, count):
    number = partition.number
    if number < 0:
        bounds = "DEFAULT"
    elif method == "RANGE":
        bounds = f"FOR VALUES FROM ({number * 100}) TO ({number * 100 + 100})"
    elif method == "LIST":
        bounds = f"FOR VALUES IN ('k{number}', 'l{number}')"
    else:
        bounds = f"FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
    inside = f" (CONSTRAINT {partition.name.split('.')[-1]}_own CHECK (id > {partition.check}))" if partition.check else ""
    again = " PARTITION BY HASH (id)" if partition.partitions else ""
    lines = [f"CREATE TABLE {partition.name} PARTITION OF {parent}{inside} {bounds}{again};"]
    for below in partition.partitions:
        lines += _partition(partition.name, "HASH", below, len(partition.partitions))
    return lines


def _column(schema, table, column):
    if column.generated_from:
        base = next(each for each in table.columns if each.name == column.generated_from)
        if schema.class_of(base.type) == "int":
            return f"{column.name} numeric GENERATED ALWAYS AS ({base.name} * 2) STORED"
        is_text = schema.class_of(base.type) == "text"
        expression = f"lower({base.name}::text)" if is_text else f"CASE WHEN {base.name} IS NULL THEN 'x' ELSE 'y' END"
        return f"{column.name} text GENERATED ALWAYS AS ({expression}) STORED"
    kind = schema.resolved(column.type)
    if column.identity == "serial":
        return f"{column.name} {'bigserial' if kind == 'bigint' else 'serial'}"
    text = f"{column.name} {kind}"
    if column.collate and kind in TEXT_TYPES:
        text += ' COLLATE "C"'
    if column.identity:
        return f"{text} GENERATED {column.identity} AS IDENTITY"
    default = _default(schema, column)
    return text + (f" DEFAULT {default}" if default else "") + (" NOT NULL" if column.not_null else "")


def _default(schema, column):
    class_name = schema.class_of(column.type)
    if column.default_by and class_name == "int":
        is_sequence = column.default_by in schema.sequences
        return f"nextval('{column.default_by}')" if is_sequence else f"{column.default_by}()"
    if column.default is None:
        return None
    variant = column.default
    match class_name:
        case "int":
            return str(variant)
        case "text":
            return f"'it''s {variant}'"
        case "bool":
            return "true" if variant % 2 else "false"
        case "date":
            return f"'2020-02-{variant % 28 + 1:02}'"
        case "time":
            return "now()" if variant % 2 else "CURRENT_TIMESTAMP"
        case "json":
            return f"'{{\"a\": {variant}}}'"
        case "uuid":
            return "gen_random_uuid()"
        case "array":
            return "'{}'"
        case "enum":
            values = schema.enum_of(column.type)
            return f"'{values[variant % len(values)]}'"
    return None


def _after_tables(schema, table):
    """Indexes, foreign keys and what stands on a table."""
    lines = []
    classes = schema.columns_of(table.name)
    for name, (columns, variant) in table.indexes.items():
        lines.append(_index(name, table, columns, variant, classes))
    for name, (column, target, variant) in table.foreign_keys.items():
        actions = ACTIONS[variant % len(ACTIONS)]
        lines.append(f"ALTER TABLE {table.name} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {target}{actions};")
    if table.row_security:
        lines.append(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY;")
    for name, (column, variant) in table.policies.items():
        role = ("PUBLIC", "app", "reader", "app, reader")[variant % 4]
        condition = schema.condition(column, classes[column], variant)
        lines.append(f"CREATE POLICY {name} ON {table.name} TO {role} USING ({condition});")
    for name, (function, column, variant) in table.triggers.items():
        timing = ("BEFORE INSERT", "AFTER UPDATE", f"BEFORE UPDATE OF {column}", "AFTER INSERT OR DELETE")[variant % 4]
        when = f" WHEN (NEW.{column} IS NOT NULL)" if variant % 4 == 0 and timing.startswith("AFTER UPDATE") else ""
        lines.append(f"CREATE TRIGGER {name} {timing} ON {table.name} FOR EACH ROW{when} EXECUTE FUNCTION {function}();")
        if variant % 7 == 3 and not table.partitions:
            lines.append(f"ALTER TABLE {table.name} DISABLE TRIGGER {name};")
    for name, columns in table.statistics.items():
        if all(classes[column] in ("int", "text", "date") for column in columns):
            lines.append(f"CREATE STATISTICS {name} ON {', '.join(columns)} FROM {table.name};")
    for column in table.columns:
        if column.comment is not None:
            lines.append(f"COMMENT ON COLUMN {table.name}.{column.name} IS 'comment {column.comment}';")
        if column.statistics is not None and not table.partitions:
            lines.append(f"ALTER TABLE {table.name} ALTER COLUMN {column.name} SET STATISTICS {column.statistics};")
    return lines


def _index(name, table, columns, variant, classes):
    elements = []
    for position, column in enumerate(columns):
        expression = f"lower({column}::text)" if variant % 4 == 1 and classes[column] == "text" else column
        elements.append(expression + (" DESC" if (variant + position) % 3 == 0 else ""))
    where = f" WHERE {columns[0]} IS NOT NULL" if variant % 5 == 2 else ""
    return f"CREATE INDEX {name} ON {table.name} ({', '.join(elements)}){where};"


def _view(schema, view):
    below = schema.columns_of(view.source)
    outputs = [(out, schema.output(column, below[column], variant)) for out, column, variant in view.columns]
    listed = ", ".join(f"{expression} AS {out}" for out, expression in outputs)
    where = ""
    if view.condition:
        column, variant = view.condition
        where = f" WHERE {schema.condition(column, below[column], variant)}"
    if view.grouped:
        group = f" GROUP BY {', '.join(str(number + 1) for number in range(len(outputs)))}"
        listed, where = listed + ", count(*) AS n", where + group
    kind = "MATERIALIZED VIEW" if view.materialized else "VIEW"
    lines = [f"CREATE {kind} {view.name} AS SELECT {listed} FROM {view.source}{where};"]
    if view.materialized and view.index:
        lines.append(f"CREATE INDEX {view.name.split('.')[-1]}_index ON {view.name} ({view.index});")
    return lines


def _kind(schema, name):
    if name in schema.tables:
        return f"TABLE {name}"
    if name in schema.views:
        return f"{'MATERIALIZED ' if schema.views[name].materialized else ''}VIEW {name}"
    if name in schema.functions:
        return f"FUNCTION {name}{_signature(schema.functions[name])}"
    if name in schema.domains:
        return f"DOMAIN {name}"
    return f"SEQUENCE {name}" if name in schema.sequences else f"TYPE {name}"


def _signature(function):
    return {"int": "(integer)", "text": "(text)"}.get(function.kind, "()")


def _grant(schema, name, role, variant):
    if name in schema.functions:
        if role == "PUBLIC":
            return f"REVOKE EXECUTE ON FUNCTION {name}{_signature(schema.functions[name])} FROM PUBLIC;"
        return f"GRANT EXECUTE ON FUNCTION {name}{_signature(schema.functions[name])} TO {role};"
    if name in schema.sequences:
        return f"GRANT USAGE ON SEQUENCE {name} TO {role};"
    if name in schema.tables or name in schema.views:
        rights = ("SELECT", "SELECT, INSERT", "ALL", "UPDATE, DELETE")[variant % 4]
        return f"GRANT {rights} ON {name} TO {role};"
    return f"REVOKE USAGE ON TYPE {name} FROM PUBLIC;"
