"""The answers of a scope laid out by person: one statement of SQL for both databases.

    said     every readable answer that the spec looks at, with who said it and when
    moment   each time at which somebody said something, and the end of the period
    pivot    a row a person and moment: what is the newest said until then, a column a thing looked at

A person joined to another is that one. An invitation that names nobody is a unit of its own: minus its key.
What somebody of a control group says is left out, unless it is asked for: nothing was done for her. An
invitation's time is when it was answered; of one begun only, when that was.
"""

from dataclasses import dataclass, field

from django.db import connection

from outcomes.counting import spec as specs
from outcomes.models import Answer, Invitation, Question, Wave
from outcomes.scope import Scope
from people.models import Person
from training.models import Enrolment, Group

TIME = "COALESCE(i.answered_at, i.begun_at, i.state_at)"
UNIT = "COALESCE(p.joined_to_id, p.id, -i.id)"
TABLES = {
    "answer": Answer, "invitation": Invitation, "wave": Wave, "question": Question, "enrolment": Enrolment,
    "person": Person, "grp": Group,
}  # fmt: skip
T = {name: f'"{model._meta.db_table}"' for name, model in TABLES.items()}
WHO = (
    f"{T['invitation']} i JOIN {T['wave']} w ON w.id = i.wave_id "
    f"LEFT JOIN {T['enrolment']} e ON e.id = i.enrolment_id LEFT JOIN {T['person']} p ON p.id = e.person_id "
    f"LEFT JOIN {T['grp']} g ON g.id = e.group_id"
)
NO_CONTROL = "COALESCE(g.is_control, FALSE) = FALSE"
ZERO = "zero"  # the part that says whether a value is 0


def marks(found) -> str:
    return ", ".join(["%s"] * len(found))


def moment(at) -> object:
    """An instant as the database compares it."""
    return connection.ops.adapt_datetimefield_value(at)


@dataclass
class Pivot:
    """Columns are asked for by the conditions and kept once; `sql` puts the statement together."""

    spec: dict
    scope: Scope
    with_control: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, list] = field(default_factory=dict)  # what stands for %s in each column
    choices: dict[str, list[str]] = field(default_factory=dict)

    def column(self, text: str, *values) -> str:
        """A column of the pivot, by its aggregate over the rows of one person and moment."""
        key = text + repr(values)
        if key not in self.columns:
            self.columns[key] = text
            self.values[key] = list(values)
        return f"c{list(self.columns).index(key)}"

    # --- what conditions and values are made of: text over columns of the pivot

    def number(self, name: str) -> str:
        """The number, of several questions their sum; unknown where one is not known."""
        value, parts = self.spec["values"][name], []
        for question in specs.asked_in(value):
            here = "name = %s AND part = %s"
            text = f"CASE WHEN COUNT(*) FILTER (WHERE {here}) = 1 THEN MAX(number) FILTER (WHERE {here}) END"
            parts.append(self.column(text, name, question, name, question))
        total = parts[0] if len(parts) == 1 else f"ROUND({' + '.join(parts)}, 4)"
        return (
            f"(CASE WHEN {self._zero(name)} = 1 THEN 0 ELSE {total} END)" if "zero_when" in value else total
        )

    def currency(self, name: str) -> str:
        return self.column("MAX(NULLIF(currency, '')) FILTER (WHERE name = %s AND part <> %s)", name, ZERO)

    def same_currency(self, one: str, other: str) -> str:
        a, b = self.currency(one), self.currency(other)
        return f"COALESCE({a}, {b}, '') = COALESCE({b}, {a}, '')"

    def known(self, name: str) -> str:
        value = self.spec["values"][name]
        if "zero_when" in value or len(specs.asked_in(value)) > 1:
            return f"({self.number(name)} IS NOT NULL)"
        return "({} > 0)".format(self.column("COUNT(*) FILTER (WHERE name = %s AND part <> %s)", name, ZERO))

    def chosen(self, name: str, codes: list[str]) -> str:
        """1 where one of these was chosen, 0 where others were, unknown where nothing was."""
        return self._flag(name, specs.asked_in(self.spec["values"][name])[0], codes)

    def _zero(self, name: str) -> str:
        return self._flag(name, ZERO, self.spec["values"][name]["zero_when"]["is"])

    def _flag(self, name: str, part: str, codes: list[str]) -> str:
        text = (
            f"MAX(CASE WHEN choice IN ({marks(codes)}) THEN 1 ELSE 0 END) "
            "FILTER (WHERE name = %s AND part = %s)"
        )
        return self.column(text, *codes, name, part)

    def newly(self, one: str, other: str) -> str:
        """How many are chosen in the one and not in the other."""
        codes = sorted({*self._codes(one), *self._codes(other)} - {specs.NONE})
        new = [
            f"CASE WHEN {self.chosen(one, [code])} = 1 AND {self.chosen(other, [code])} = 0 THEN 1 ELSE 0 END"
            for code in codes
        ]
        both = f"{self.known(one)} AND {self.known(other)}"
        return f"(CASE WHEN {both} THEN {' + '.join(new) or '0'} END)"

    def _codes(self, name: str) -> list[str]:
        if name not in self.choices:
            value = self.spec["values"][name]
            rows = Answer.objects.filter(
                question__code__in=specs.asked_in(value),
                invitation__wave__code__in=value["at"],
                invitation__wave__programme__in=self.scope.programmes,
            )
            self.choices[name] = list(rows.order_by().values_list("choice", flat=True).distinct())
        return self.choices[name]

    # --- the statement

    def sql(self) -> tuple[str, list]:
        """`WITH … pivot` and what stands for its %s. Ask for all columns before."""
        wanted, names = self._wanted()
        said, of_said = self._said()
        columns = ", ".join(f"{text} AS c{place}" for place, text in enumerate(self.columns.values()))
        end = moment(self.scope.midnight(self.scope.end))
        at_end = "%s" if connection.vendor == "sqlite" else "CAST(%s AS timestamptz)"
        text = f"""WITH wanted (name, part, question, wave) AS (VALUES {wanted}),
            said AS ({said}),
            moment AS (
                SELECT DISTINCT unit, t FROM said WHERE t >= %s
                UNION SELECT DISTINCT unit, {at_end} FROM said),
            ranked AS (
                SELECT m.unit, m.t, s.name, s.part, s.choice, s.number, s.currency, DENSE_RANK() OVER (
                    PARTITION BY m.unit, m.t, s.name ORDER BY s.t DESC, s.invitation DESC) AS place
                FROM moment m JOIN said s ON s.unit = m.unit AND s.t <= m.t),
            pivot AS (
                SELECT unit, t{", " + columns if columns else ""}
                FROM ranked WHERE place = 1 GROUP BY unit, t)"""  # noqa: S608 - values stand for %s
        since = moment(self.scope.midnight(self.scope.since))
        filled = [value for values in self.values.values() for value in values]
        return text, [*names, *of_said, since, end, *filled]

    def _wanted(self) -> tuple[str, list[str]]:
        rows = []
        for name, value in self.spec["values"].items():
            parts = [(question, question) for question in specs.asked_in(value)]
            if zero := value.get("zero_when"):
                parts.append((ZERO, zero["question"]))
            rows += [(name, part, question, wave) for part, question in parts for wave in value["at"]]
        return ", ".join([f"({marks(rows[0])})"] * len(rows)), [one for row in rows for one in row]

    def _said(self) -> tuple[str, list]:
        programmes = [programme.pk for programme in self.scope.programmes] or [0]
        text = (
            f"SELECT {UNIT} AS unit, i.id AS invitation, n.name, n.part, a.choice, a.number, "  # noqa: S608
            "a.currency, "
            f"{TIME} AS t FROM {WHO} JOIN {T['answer']} a ON a.invitation_id = i.id "
            f"JOIN {T['question']} q ON q.id = a.question_id "
            "JOIN wanted n ON n.question = q.code AND n.wave = w.code "
            f"WHERE w.programme_id IN ({marks(programmes)}) AND NOT a.is_unread AND {TIME} < %s"
        )
        if not self.with_control:
            text += f" AND {NO_CONTROL}"
        return text, [*programmes, moment(self.scope.midnight(self.scope.end))]


def asked(spec: dict, scope: Scope, with_control: bool = False) -> tuple[str, list]:
    """The units asked in the waves that make the figure, as `SELECT unit, done`: in a wave that falls into
    the period, or that they answered in it. Who took her consent back is not asked, unless she answered."""
    programmes = [programme.pk for programme in scope.programmes] or [0]
    codes, states = specs.waves(spec), list(Invitation.DONE)
    start, end = moment(scope.midnight(scope.start)), moment(scope.midnight(scope.end))
    answered = "EXISTS (SELECT 1 FROM {} x WHERE x.invitation_id = i.id)".format(T["answer"])  # noqa: S608
    done = f"((i.state IN ({marks(states)}) OR {answered}) AND {TIME} < %s)"
    text = (
        f"SELECT {UNIT} AS unit, MAX(CASE WHEN {done} THEN 1 ELSE 0 END) AS done "  # noqa: S608
        f"FROM {WHO} "
        f"WHERE w.programme_id IN ({marks(programmes)}) AND w.code IN ({marks(codes)}) "
        f"AND (i.state <> %s OR {done}) AND (w.opens IS NULL OR w.opens < %s OR {done}) "
        f"AND (w.closes IS NULL OR w.closes > %s OR {done}) AND NOT ({done} AND {TIME} < %s)"
        + ("" if with_control else f" AND {NO_CONTROL}")
        + f" GROUP BY {UNIT}"
    )
    is_done = [*states, end]
    first, last = scope.start.isoformat(), scope.end.isoformat()
    filled = [*is_done, *programmes, *codes, Invitation.State.WITHDRAWN, *is_done, last, *is_done, first]
    return text, [*filled, *is_done, *is_done, start]
