"""Runs upgrade() or downgrade() of a revision statement by statement.

One Python statement that can't be rendered must not take the rest of the revision with it. So each statement of the
function (and of its `with` and `if` blocks) is run on its own; what one that fails has recorded so far is taken back,
and its source stands in the record instead. Loops, `try` blocks and helpers are one statement each.

A variable that a failed statement would have set is unknown from then on: whatever uses it fails as well.
"""

import ast
import builtins
import copy
import symtable
import textwrap

from sqlalchemy import MetaData

from sluice_alembic_recording import Unknown, Unrenderable, one_line

HANDLE = "__sluice_steps__"
CONTAINERS = (list, dict, set, MetaData)
NOT_WRAPPED = (ast.Pass, ast.Global, ast.Nonlocal, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def names_in(node, context):
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, context)}


def changed_names(node):
    """Names whose value a statement may change in place: `ids.append(…)`, `seen[key] = …`."""
    changed = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and isinstance(one.func.value, ast.Name):
            changed.add(one.func.value.id)
        if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store) and isinstance(one.value, ast.Name):
            changed.add(one.value.id)
    return changed


def leaves_function(node):
    return any(isinstance(one, (ast.Return, ast.Raise)) for one in ast.walk(node))


def definitions_in(node):
    """Assignments and definitions of a function's own, in its blocks too, but not those inside of other definitions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)):
            yield child
        elif isinstance(child, (ast.stmt, ast.ExceptHandler)):
            yield from definitions_in(child)


class Source:
    """A revision's file, as text and as a tree."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.path = str(path)
        self.lines = self.text.split("\n")
        self.tree = ast.parse(self.text, filename=self.path)

    def function(self, name):
        found = [one for one in self.tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
        return found[-1] if found else None

    def local_names(self, name):
        table = symtable.symtable(self.text, self.path, "exec")
        found = [one for one in table.get_children() if one.get_name() == name and one.get_type() == "function"]
        return set(found[-1].get_locals()) if found else set()

    def cut(self, first, last):
        return textwrap.dedent("\n".join(self.lines[first - 1 : last])).rstrip()

    def mentions(self, *words):
        named = {one.attr for one in ast.walk(self.tree) if isinstance(one, ast.Attribute)}
        return bool(named & set(words))

    def _first_line(self, node):
        decorators = getattr(node, "decorator_list", [])
        return min([node.lineno, *(one.lineno for one in decorators)])

    def background(self, names, function):
        """The source of what the names mean: assignments before in the function, and definitions of the module."""
        places = {}
        wanted, known = set(names), set()
        candidates = [*(one for one in self.tree.body if one is not function), *definitions_in(function)]
        while wanted - known:
            name = (wanted - known).pop()
            known.add(name)
            for node in candidates:
                if self._defines(node, name) and node.lineno not in places:
                    places[node.lineno] = (self._first_line(node), node.end_lineno)
                    wanted |= names_in(node, ast.Load)
        return [(first, self.cut(first, last)) for _, (first, last) in sorted(places.items())]

    def _defines(self, node, name):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return node.name == name and name not in ("upgrade", "downgrade")
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            return any(name in names_in(target, ast.Store) for target in targets)
        return False


class _Wrapper:
    """Puts every statement of a function into a `try` of its own."""

    def __init__(self, local_names):
        self.locals = local_names
        self.statements = []  # by number

    def wrap(self, body):
        return [self._one(node) for node in body]

    def _one(self, node):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, NOT_WRAPPED) or is_text or (isinstance(node, ast.Return) and node.value is None):
            return node
        number = len(self.statements)
        # All of this before its blocks are wrapped: what stands in their `try`s is not the statement's own.
        stored = names_in(node, ast.Store) & self.locals
        changed = (changed_names(node) & self.locals) - stored
        leaves = leaves_function(node)
        self.statements.append(copy.deepcopy(node))
        if isinstance(node, (ast.With, ast.If)):
            node.body = self.wrap(node.body)
        if isinstance(node, ast.If):
            node.orelse = self.wrap(node.orelse)
        handler = self._parse(f"{HANDLE}.failed({number}, __sluice_error__)")
        for name in sorted(stored):
            handler += self._parse(f"{name} = {HANDLE}.unknown({name!r})")
        for name in sorted(changed):
            handler += self._parse(f"{name} = {HANDLE}.doubtful({name!r}, locals().get({name!r}))")
        if leaves:
            handler.append(ast.Return(value=None))
        begin, end = self._parse(f"{HANDLE}.begin({number})"), self._parse(f"{HANDLE}.end({number})")
        failures = ast.parse(f"{HANDLE}.failures", mode="eval").body
        caught = ast.ExceptHandler(type=failures, name="__sluice_error__", body=handler)
        wrapped = ast.Try(body=[*begin, node, *end], handlers=[caught], orelse=[], finalbody=[])
        return ast.copy_location(wrapped, node)

    @staticmethod
    def _parse(code):
        return ast.parse(code).body


class Steps:
    """What the wrapped function calls (HANDLE), and the record of what failed."""

    failures = (Exception, Unrenderable)

    def __init__(self, recorder, source, name):
        self.recorder = recorder
        self.source = source
        self.name = name
        self.function = source.function(name) if source else None
        self.statements = []
        self.marks = {}
        self.irreversible = None

    def run(self, module, arguments):
        """Calls the function; the recorder then holds its SQL, and a part with `unfinished` for each failure."""
        function = self._wrapped(module) if self.function else getattr(module, self.name, None)
        if function is None:
            return
        try:
            function(**arguments)
            self._raise_swallowed()
        except self.failures as error:  # from what isn't wrapped
            first = self.function.lineno if self.function else 0
            last = self.function.end_lineno if self.function else 0
            self._add_failure(self.function, first, last, error)

    def _wrapped(self, module):
        wrapper = _Wrapper(self.source.local_names(self.name))
        function = copy.deepcopy(self.function)
        function.body = wrapper.wrap(function.body)
        self.statements = wrapper.statements
        tree = ast.Module(body=[function], type_ignores=[])
        code = compile(ast.fix_missing_locations(tree), self.source.path, "exec")
        before = getattr(module, self.name, None)
        setattr(module, HANDLE, self)
        exec(code, module.__dict__)
        function = getattr(module, self.name)
        setattr(module, self.name, before)
        return function

    # Called by the wrapped function ----------------------------------------------------------------------------------

    def begin(self, number):
        self.recorder.swallowed = None
        self.marks[number] = (len(self.recorder.parts), self.recorder.autocommit)

    def end(self, number):
        self._raise_swallowed()

    def failed(self, number, error):
        parts, self.recorder.autocommit = self.marks[number]
        self.recorder.swallowed = None
        node = self.statements[number]
        del self.recorder.parts[parts:]
        if self.name == "downgrade" and isinstance(node, ast.Raise) and not self.recorder.parts:
            self.irreversible = one_line(error, 300) or type(error).__name__
            return
        last = self.function.end_lineno if leaves_function(node) else node.end_lineno
        self._add_failure(node, node.lineno, last, error)

    def unknown(self, name):
        return Unknown(f"needs {name}, which is known only when it runs", self.recorder)

    def doubtful(self, name, value):
        return self.unknown(name) if isinstance(value, CONTAINERS) else value

    # -----------------------------------------------------------------------------------------------------------------

    def _raise_swallowed(self):
        swallowed, self.recorder.swallowed = self.recorder.swallowed, None
        if swallowed:
            raise swallowed

    def _add_failure(self, node, first, last, error):
        parts = self.recorder.parts
        part = {"unfinished": reason_of(error), "autocommit": self.recorder.autocommit, "line": first, "names": set()}
        if parts and "unfinished" in parts[-1] and parts[-1]["autocommit"] == self.recorder.autocommit:
            part = parts.pop()  # nothing came between: one piece of work
        parts.append(part)
        if node is None:
            part.update(source="", background=[])
            return
        if node is not self.function:
            part["names"] |= names_in(node, ast.Load) - set(dir(builtins))
        part["source"] = self.source.cut(part["line"], last)
        background = self.source.background(part["names"], self.function)
        part["background"] = [text for line, text in background if not part["line"] <= line <= last]


def reason_of(error):
    if isinstance(error, Unrenderable):
        return one_line(error, 300)
    return one_line(f"{type(error).__name__}: {error}", 300)
