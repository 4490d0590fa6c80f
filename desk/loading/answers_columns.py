"""Which column is which question: as the map says, else by headings, places and cells. The guess is told in
words before anything is written."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Tenant
from desk.loading import values
from desk.loading.answers_guess import kind_of, offered
from desk.loading.answers_plan import MOST, OTHER, Planned, code_of, is_other, key, plain
from desk.loading.fields import Refused
from lib.folding import fold
from outcomes.models import Question, Wording

CHOSEN = (Question.Kind.ONE, Question.Kind.MANY)
YES_NO = {*values.YES, *values.NO}
ELLIPSIS = "…"
APART = re.compile(r" \(\d+\)$")  # the second column of one heading


def fitted(entry: Any, header: Sequence[str]) -> Any:
    """The entry of the wide field for this very file. A heading of `called` may end in "…" and may be written
    without tags; what stands in no column of this file is passed over."""
    if isinstance(entry, str | list):
        return {"from": [entry] if isinstance(entry, str) else entry}
    if not isinstance(entry, Mapping) or "value" in entry:
        return entry
    wanted, named = entry.get("called", {}), {}
    exact = {key(plain(said)): code for said, code in wanted.items() if not APART.search(said)}
    begun = [(key(plain(said[:-1])), code) for said, code in wanted.items() if said.endswith(ELLIPSIS)]
    for head in header:
        if head in wanted:
            named[head] = wanted[head]
        elif not is_other(head) and not APART.search(head):
            words = key(plain(head))
            starts = (code for start, code in begun if words.startswith(start))
            if (code := exact.get(words, next(starts, None))) is not None:
                named[head] = code
    found = entry.get("from") or _beside(header, named)
    return dict(entry) | {"from": [found] if isinstance(found, str) else found, "called": named}


def _beside(header: Sequence[str], named: Mapping[str, str]) -> list[str]:
    """The columns that are named, and an "other" to the right of one."""
    found: list[str] = []
    for at, head in enumerate(header):
        before = header[at - 1] if at else ""
        if named.get(head) or (head and head not in named and is_other(head) and before in found):
            found.append(head)
    return found


class Columns:
    """The columns of a map's entry, with what each is called and how each question is answered."""

    def __init__(self, entry: Mapping, counted: Any, tenant: Tenant):
        self.entry, self.words = entry, []
        self.heads: list[str] = list(entry["from"])
        each = getattr(counted, "each", None) or (lambda heads: {head: counted([head]) for head in heads})
        self.texts: dict[str, Counter] = each(self.heads)
        self.known = _known(tenant)
        self.called: dict[str, str] = {}
        self._name()
        self._options()

    def as_entry(self) -> dict:
        """The entry with nothing left open."""
        questions = {}
        of: dict[str, list[str]] = defaultdict(list)
        for head, called in self.called.items():
            if called:
                of[called.partition("=")[0]].append(head)
        for code, heads in of.items():
            questions[code] = self._question(code, heads)
        return dict(self.entry) | {"called": self.called, "questions": questions}

    def _name(self) -> None:
        said, runs = self.entry.get("called", {}), self._runs()
        by_words = {
            key(word): code for code, (_k, w) in self.known.items() for word in (w.text, w.text_sr) if word
        }
        for at, head in enumerate(self.heads):
            if head in said:
                self.called[head] = said[head]
            elif is_other(head) and at and (before := self.called.get(self.heads[at - 1], "")):
                self._guess(head, f"{before.partition('=')[0]}={OTHER}")
            elif head in runs:
                self.called[head] = runs[head]
            else:
                code = code_of(head)
                known = code if code in self.known else by_words.get(key(plain(head)))
                taken = {one.partition("=")[0] for one in (*self.called.values(), *said.values())}
                self._guess(head, known or code_of(plain(head), taken))

    def _guess(self, head: str, called: str) -> None:
        self.called[head] = called
        told = {"header": plain(head), "code": called}
        self.words.append(_("Column “%(header)s” is the question “%(code)s”, guessed.") % told)

    def _runs(self) -> dict[str, str]:
        """Columns side by side in which nothing stands but their own heading: options of one question."""
        said, found, run = self.entry.get("called", {}), {}, []
        for head in [*self.heads, ""]:
            texts = self.texts.get(head)
            if head and head not in said and texts is not None and set(map(key, texts)) <= {key(plain(head))}:
                run.append(head)
                continue
            if len(run) > 1 and any(self.texts[one] for one in run):
                code = code_of(f"{plain(run[0])} {plain(run[1])}")
                found |= dict.fromkeys(run, code)
                told = {"headers": ", ".join(map(plain, run)), "code": code}
                self.words.append(
                    _("These columns are the answers to one question, “%(code)s”, guessed: %(headers)s.")
                    % told
                )
            run = []
        return found

    def _options(self) -> None:
        """Several columns of one question are an option each: the heading says which."""
        count = Counter(called for called in self.called.values() if called and "=" not in called)
        for head, called in self.called.items():
            if count[called] > 1:
                self.called[head] = f"{called}={plain(head)}"

    def _question(self, code: str, heads: list[str]) -> dict:
        said = dict(self.entry.get("questions", {}).get(code) or {})
        kind, wording = self.known.get(code, (None, None))
        options = [head for head in heads if "=" in self.called[head] and not self._is_other(head)]
        texts = sum((self.texts.get(h, Counter()) for h in heads if not self._is_other(h)), Counter())
        if kind and said.get("kind", kind) != kind:
            words = _("The question “%(code)s” is known as another kind: %(kind)s.")
            raise Refused(words % {"code": code, "kind": kind}, "answers", said["kind"])
        guessed = kind or said.get("kind") or (Question.Kind.MANY if options else kind_of(texts))
        said["kind"] = str(guessed)
        if not said.get("text"):
            said |= _texts(wording) or {"text": plain(heads[0])[:400]}
        for name in ("currency", "lowest", "highest"):
            if wording and said.get(name) is None and getattr(wording, name) not in (None, ""):
                said[name] = str(getattr(wording, name))
        is_told = bool(kind or self.entry.get("questions", {}).get(code, {}).get("kind"))
        said["choices"] = self._choices(code, said, wording, options, heads, texts)
        if not is_told:
            told = {"code": code, "kind": Question.Kind(guessed).label}
            self.words.append(_("“%(code)s” is answered so, guessed: %(kind)s.") % told)
        return said

    def _is_other(self, head: str) -> bool:
        return self.called[head].partition("=")[2] == OTHER

    def _choices(self, code, said, wording, options, heads, texts) -> dict[str, str]:
        """By word the code of each choice: the known ones, then the map's, then what stands in the cells."""
        found = {}
        for one in wording.choices if wording else ():
            found |= {word: one["code"] for word in (one.get("en"), one.get("sr")) if word}
            found.setdefault(one["code"], one["code"])
        declared = Planned.of(code, said)
        found |= {w: c for w, c in declared.choices.items() if key(w) not in set(map(key, found))}
        if said["kind"] not in CHOSEN:
            return {}
        planned = Planned.of(code, said | {"choices": found})
        other = {}
        if any(self._is_other(head) for head in heads) and not planned.choice(OTHER):
            other = {_("Other"): OTHER}
        if declared.choices:
            return found | other
        planned = Planned.of(code, said | {"choices": found | other})
        words = [plain(head) for head in options if set(map(fold, self.texts.get(head, ()))) & YES_NO]
        own = sum((self.texts.get(h, Counter()) for h in heads if "=" not in self.called[h]), Counter())
        marks = Counter({w: n for w, n in (texts - own).items() if fold(w) not in YES_NO})
        found_there = [*words, *offered(planned, own + marks)]
        new = [word for word in dict.fromkeys(found_there) if word and not planned.choice(word)]
        return self._extended(code, found, new, is_known=wording is not None) | other

    def _extended(
        self, code: str, found: dict[str, str], new: list[str], *, is_known: bool
    ) -> dict[str, str]:
        if len(set(found.values())) + len(new) > MOST:
            words = _(
                "“%(code)s” would have more than %(n)s different answers: say in the map which there are, or "
                "that it is answered in words."
            )
            raise Refused(words % {"code": code, "n": MOST}, "answers", code)
        for word in new:
            if key(word) not in set(map(key, found)):
                found[word] = code_of(word, set(found.values()))
        if new:
            told = {"code": code, "words": "; ".join(word[:60].rstrip(".") for word in new[:20])}
            words = _("“%(code)s” has these answers, guessed: %(words)s.")
            if is_known:
                words = _("“%(code)s” has these answers as well, guessed: %(words)s.")
            self.words.append(words % told)
        return found


def _known(tenant: Tenant) -> dict[str, tuple[str, Wording]]:
    """The questions of the organisation by code: the kind, and the newest wording."""
    rows = Wording.objects.filter(question__tenant=tenant).select_related("question")
    return {row.question.code: (row.question.kind, row) for row in rows.order_by("question", "number")}


def _texts(wording: Wording | None) -> dict[str, str] | None:
    return {"text": wording.text, "text_sr": wording.text_sr} if wording else None


def listed(entry: Any) -> dict | None:
    """An entry with its columns in a list; None where it names none."""
    if isinstance(entry, str | list):
        entry = {"from": entry}
    if not isinstance(entry, Mapping) or not entry.get("from"):
        return None
    heads = entry["from"]
    return dict(entry) | {"from": [heads] if isinstance(heads, str) else list(heads)}
