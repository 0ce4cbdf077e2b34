"""What happens to people, in one sentence each: roles, calls, who is here (the rest: lines.py)."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import events as e
from bot.domain import named
from bot.domain.state import Incident, is_person
from bot.domain.terms import COMMANDER
from bot.slack.views import words
from bot.text import Code, Span, Text, Typed, When, Who, t


def _offered(p: e.RoleOffered, who: Who, event: e.Event, i: Incident) -> Text:
    asked, role = Who(p.person), named.role(p.role)
    if p.why == "handoff":
        return t("{who} hands {role} to {asked}; until then it stays as it is.", who=who, role=role, asked=asked)
    if p.why == "standby":
        return t("{asked} is asked to be {role}, as standby.", asked=asked, role=role)
    return t("{asked} is asked to be {role}.", asked=asked, role=role)


def _taken(p: e.RoleTaken, who: Who, event: e.Event, i: Incident) -> Text:
    person, role = Who(p.person), named.role(p.role)
    if p.before and p.before != p.person:
        return t("{person} is {role} now, after {before}.", person=person, role=role, before=Who(p.before))
    return t("{person} is {role}.", person=person, role=role)


def _passed(p: e.RolePassed, who: Who, event: e.Event, i: Incident) -> Text:
    if not is_person(event.actor):
        return t("{person} did not answer whether to be {role}.", person=Who(p.person), role=named.role(p.role))
    return t("{person} cannot be {role}.", person=Who(p.person), role=named.role(p.role))


def _unanswered(p: e.RoleUnanswered, who: Who, event: e.Event, i: Incident) -> Text:
    role, asked = named.role(p.role), words.people(p.asked)
    give, take = Typed(f"role {p.role} @…"), Typed(f"take {p.role}")
    said = t("Nobody is {role}: {asked} did not answer in time.", role=role, asked=asked)
    return t("{said} {give} asks somebody else, {take} takes it.", said=said, give=give, take=take)


def _left(p: e.RoleLeft, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{person} is no longer {role}; nobody is.", person=Who(p.person), role=named.role(p.role))


def _joined(p: e.ResponderJoined, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{person} is here.", person=Who(p.person))


def _watching(p: e.Watching, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{person} only watches.", person=Who(p.person))


def _paged(p: e.PageSent, who: Who, event: e.Event, i: Incident) -> Text:
    if is_person(event.actor):
        return t("{who} called {person}.", who=who, person=Who(p.person))
    if (p.about, p.role) == ("asked", COMMANDER):
        return t("{person} was called, since nothing is heard of who commands.", person=Who(p.person))
    return t("{person} was called.", person=Who(p.person))


def _heard(p: e.Heard, who: Who, event: e.Event, i: Incident) -> Text:
    return t("{who} wrote in the channel.", who=who)


def _commander_silent(p: e.CommanderSilent, who: Who, event: e.Event, i: Incident) -> Text:
    return t("Nothing was heard of {person}, who commands, since {at}.", person=Who(p.person), at=When(p.since))


def _nobody_answers(p: e.NobodyAnswers, who: Who, event: e.Event, i: Incident) -> Text:
    every, no = Span(p.every), words.people(p.no)
    call = Typed("page @team")
    if p.no and p.every:
        again = t("I call them again in {every}; to call somebody else: {call}.", every=every, call=call)
        return t("Nobody can come: {no} said no. {again}", no=no, again=again)
    if p.no:
        return t("Nobody comes: {no} said no. To call somebody else: {call}.", no=no, call=call)
    return t("All were called, and nobody has answered. They are called again every {every}.", every=every)


def _woken(p: e.PersonWoken, who: Who, event: e.Event, i: Incident) -> Text:
    person = Who(p.person)
    if p.why == "away":
        return t("{person} is called by their notifier: Slack is away.", person=person)
    if p.why == "unsent":
        return t("{person} is called by their notifier: Slack has not taken the message yet.", person=person)
    if p.why == "dnd":
        return t("{person} is in do-not-disturb, and is called by their notifier, too.", person=person)
    if p.why == "missed":
        return t("{person} is called by their notifier: there is no update.", person=person)
    return t("{person} has not answered in Slack, and is called by their notifier, too.", person=person)


def _nobody_called(p: e.NobodyCalled, who: Who, event: e.Event, i: Incident) -> Text:
    said = t("Nobody was called: nobody is on call for {service}.", service=p.service)
    said = said if p.service else t("Nobody was called: nobody is on call.")
    return t("{said} Tried: {names}.", said=said, names=Code(p.names)) if p.names else said


def _page_answered(p: e.PageAnswered, who: Who, event: e.Event, i: Incident) -> Text:
    has_it = p.answer == "take"
    return t("{person} has it.", person=Who(p.person)) if has_it else t("{person} cannot.", person=Who(p.person))


PEOPLE_LINES: Mapping[type[e.Payload], Callable[[Any, Who, e.Event, Incident], Text]] = {
    e.RoleOffered: _offered,
    e.RoleTaken: _taken,
    e.RolePassed: _passed,
    e.RoleUnanswered: _unanswered,
    e.RoleLeft: _left,
    e.ResponderJoined: _joined,
    e.Watching: _watching,
    e.PersonWoken: _woken,
    e.Heard: _heard,
    e.CommanderSilent: _commander_silent,
    e.NobodyAnswers: _nobody_answers,
    e.PageSent: _paged,
    e.PageAnswered: _page_answered,
    e.NobodyCalled: _nobody_called,
}
"""Kind of event → its sentence."""
