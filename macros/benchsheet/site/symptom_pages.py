"""A page for each group of symptoms: all its pictures as links, then each symptom; and the links to symptoms from the pages of protocols."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import escape

from .evidence_notes import GENERAL_NOTE
from .page import Page
from .sheet_places import GATES_ANCHOR, SheetPlaces, add_links
from .symptoms import Places, Symptom, SymptomGroup


def build_symptom_pages(groups: Iterable[SymptomGroup], titles: Mapping[str, str], places: Places) -> list[Page]:
    """Return the page of each group; *titles* are those of the protocols, *places* gives the steps and gates of each."""
    return [_build_page(group, titles, places) for group in groups]


def _build_page(group: SymptomGroup, titles: Mapping[str, str], places: Places) -> Page:
    parts = [group.lead, GENERAL_NOTE, _format_gallery(group.symptoms)]
    area = ""
    for symptom in group.symptoms:
        if symptom.area != area:
            area = symptom.area
            parts.append(f"## {area}")
        parts += _format_symptom(symptom, titles, places)
    words = {symptom.id: symptom.words for symptom in group.symptoms}
    return Page(
        path=group.path, title=group.title, body="\n\n".join(parts), file=group.file, line=group.line, search_words=words, people=group.people
    )


def _format_gallery(symptoms: Sequence[Symptom]) -> str:
    items = (f'<li><a href="#{each.id}">{_hide(each.picture)}{escape(each.title, quote=False)}</a></li>' for each in symptoms)
    return f'<ul class="symptom-list">{"".join(items)}</ul>'


def _hide(picture: str) -> str:
    """Return a picture that a screen reader passes over: its words stand beside it."""
    head, _, rest = picture.partition(">")
    start, _, after = head.partition(' aria-label="')
    return f'{start} aria-hidden="true"{after.partition(chr(34))[2]}>{rest}'.replace(' role="img"', "", 1)


def _format_symptom(symptom: Symptom, titles: Mapping[str, str], places: Places) -> Iterator[str]:
    yield f"### {symptom.title} {{#{symptom.id}}}"
    yield f'<figure class="symptom">{symptom.picture}</figure>'
    yield symptom.see
    yield "**Likely causes**, the likeliest first\n{: .part}"
    yield "\n".join(f"1. {cause}" for cause in symptom.causes)
    yield f"**Arises at** {'; '.join(_format_places(symptom, titles, places))}."
    for heading, acts in (("Now", symptom.now), ("Next time", symptom.next)):
        yield f"**{heading}**\n{{: .part}}"
        yield "\n".join(f"- {act}" for act in acts)


def _format_places(symptom: Symptom, titles: Mapping[str, str], places: Places) -> Iterator[str]:
    """Yield the links to the steps and gates of a symptom."""
    for protocol, steps in symptom.steps.items():
        for step in steps:
            number, anchor = places(protocol).steps[step]
            yield f"[{titles[protocol]}, step {number}, {step}](../protocols/{protocol}.md#{anchor})"
    for protocol, gates in symptom.gates.items():
        for gate in gates:
            yield f"[{titles[protocol]}, gate {gate}](../protocols/{protocol}.md#{GATES_ANCHOR})"
    if symptom.elsewhere:
        yield symptom.elsewhere


# --- from the page of a protocol ----------------------------------------------------------------------------------------------


def list_groups(protocol: str, nested: Collection[str], groups: Iterable[SymptomGroup]) -> list[str]:
    """Return links to the groups of symptoms that arise in *protocol*, or in one that it does within it."""
    mine = {protocol, *nested}
    return [f"[{group.title}](../{group.path})" for group in groups if any(mine & each.steps.keys() for each in group.symptoms)]


def link_symptoms(body: str, places: SheetPlaces, protocol: str, nested: Collection[str], groups: Iterable[SymptomGroup]) -> str:
    """Return a sheet's *body* with links to symptoms at the steps and gates where they arise, also in what it does of a *nested* protocol."""
    at_steps: dict[str, list[str]] = {}
    at_gates: dict[str, list[str]] = {}
    for group in groups:
        for symptom in group.symptoms:
            link = f"[{symptom.title}](../{group.path}#{symptom.id})"
            for name in (protocol, *nested):
                for place, named, known in ((at_steps, symptom.steps, places.steps), (at_gates, symptom.gates, places.gates)):
                    for title in named.get(name, ()):
                        here = _find_here(title, places) if place is at_steps else title
                        if here in known and link not in place.setdefault(here, []):
                            place[here].append(link)
    return add_links(body, at_steps, {gate: links for gate, links in at_gates.items() if links})


def _find_here(title: str, places: SheetPlaces) -> str:
    """Return the step of this sheet that is the step *title* of a nested protocol, which may have another target here."""
    if title in places.steps:
        return title
    beginning = title.partition(": ")[0]
    return next((step for step in places.steps if step.partition(": ")[0] == beginning), "")
