"""On which words help is shown: many spellings, and no everyday sentence about health."""

import pytest

from clinic.explore.self_check_words import LONGEST_READ, speaks_of_suicide

YES = [
    "I want to die",
    "i just wanna die",
    "I want to KILL MYSELF",
    "killing my self",
    "k1ll mys3lf",
    "k*ll myself",
    "killmyself",
    "I have thoughts of suicide",
    "Suicidal at times",
    "suicde",
    "sucide",
    "suiside",
    "su1c1de",
    "su!c!de",
    "s u i c i d e",
    "s.u.i.c.i.d.e",
    "suic\u200bide",
    "suïcide",
    "ＳＵＩＣＩＤＥ",
    "suuuuicide",
    "I don't want to live any more",
    "I don’t want to live",
    "dont wanna be here",
    "I do not really want to live",
    "I don't want to wake up",
    "no reason to live",
    "There is no point in going on living. No point living.",
    "my family would be better off without me",
    "I wish I was dead",
    "I wish I had died",
    "thinking about death a lot",
    "I will end it all",
    "end my own life",
    "to take my own life",
    "I can't go on",
    "I can not go on like this",
    "tired of living",
    "self-harm",
    "selfharm",
    "I cut myself",
    "hurting myself at night",
    "I took an overdose last year",
    "unalive",
    "kms",
    "kill\nmyself",
    "jump in front of a train",
    "I am not suicidal",  # a list of words does not understand "not": help is shown
    "pain so bad, I can't take it anymore",
    "kill myslef",
    "I have a plan and pills saved",
    "I have been saving up my tablets",
    "I'd rather not be here",
    "I would rather not be here anymore",
    "I cannot see a way out",
    "I am done",
    "goodbye everyone",
    "I want it to stop for good",
    "SI with plan",
    "sewerslide",
    "my sister says I need watching",
    "ich will nicht mehr leben",
    "Selbstmord",
    "Ich möchte sterben",
    "mir das Leben nehmen",
    "je veux mourir",
    "j'ai envie d'en finir",
    "Je ne veux plus vivre",
    "quiero morir",
    "no quiero vivir más",
    "voglio morire",
    "non voglio più vivere",
    "zelfmoord",
    "ik wil niet meer leven",
]

NO = [
    "",
    "I take painkillers for my back",
    "My diet is fine and I studied the leaflet",
    "Diabetes was diagnosed in May",
    "My father had a stroke",
    "I spend my life in pain",
    "What happens at the end of it, and who pays?",
    "I would like to know how long a course takes",
    "The headache stops me from working",
    "I am ready to go to the clinic",
    "I had a bad reaction to a steroid",
    "I skipped breakfast; my head aches",
    "I deadlift at the gym",
    "My deadline is in June",
    "I take my tablets in the morning",
    "I live with my sister and want to feel better",
    "Can somebody drive me home?",
    "I am allergic to latex, 3 kinds of dye",
    "Ketamine was given to me in 2019",
    "It has been hard to sleep",
    "Sertraline 50 mg, then 100 mg",
    "I take my tablets with food and plan my day",
    "My treatment plan is with my doctor",
    "Ich lebe in Wien und nehme Sertralin",
    "Je vis en France et je dors mal",
]


@pytest.mark.parametrize("text", YES)
def test_help_is_shown(text):
    assert speaks_of_suicide(text)
    assert speaks_of_suicide(f"My back hurts. {text}, and I sleep badly.")


@pytest.mark.parametrize("text", NO)
def test_an_everyday_sentence_is_left_alone(text):
    assert not speaks_of_suicide(text)


HOSTILE = ["want to ", "a!", "a ", "no ", "wish i had ", "s.", "*", "x", "!", " "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_longest_text_that_is_read_takes_no_time_to_speak_of(piece):
    assert not speaks_of_suicide((piece * LONGEST_READ)[:LONGEST_READ])


def test_what_is_too_long_to_be_read_shows_help():
    assert speaks_of_suicide("x" * (LONGEST_READ + 1))
