"""Words that typists and programs set around a script's own text, in the languages scripts are written in."""

import re

MORE = frozenset(
    ["MORE", "CONT", "MEHR", "WEITER", "SUITE", "À SUIVRE", "A SUIVRE", "MÁS", "MAS", "SIGUE", "CONTINÚA", "MAIS"]
    + ["CONTINUA", "SEGUE", "ДАЛЬШЕ", "ДАЛЕЕ", "続く"]
)
CONTINUED = frozenset(
    ["CONTINUED", "CONT'D", "CONTD", "CONT", "CON'T", "CONTINUING", "FORTSETZUNG", "FORTS", "FORTGESETZT", "SUITE"]
    + ["CONTINUACIÓN", "CONTINÚA", "CONTINUANDO", "CONTINUA", "CONTINUAÇÃO", "SEGUE", "ПРОДОЛЖЕНИЕ", "ПРОД", "続き"]
)
TRANSITIONS = re.compile(
    r"(.{0,40}\bTO|FADE (IN|OUT|UP|TO BLACK|FROM BLACK).{0,12}|CUT TO BLACK|SMASH CUT|MATCH CUT|BLACKOUT|"
    r"FONDU .{2,30}|COUPE .{2,20}|SCHNITT .{2,20}|AUFBLENDE|ABBLENDE|ÜBERBLENDUNG.{0,20}|"
    r"CORTE A.{0,20}|FUNDIDO .{2,20}|DISOLVENCIA.{0,12}|CORTA PARA|FUS[ÃA]O PARA|STACCO SU|DISSOLVENZA.{0,12}|"
    r"ЗТМ|ИЗ ЗТМ|В ЗТМ|ЗАТЕМНЕНИЕ)[.:…]*"
)
CREDIT = re.compile(
    r"(screenplay|teleplay|script|story|original screenplay|written|scénario|écrit|drehbuch|buch|guion|guión|escrito|"
    r"roteiro|argumento|sceneggiatura|scritto|сценарий|автор)?( (de|di|da|et réalisé|and directed|&))? ?"
    r"(by|von|par|por|de|di|da|:)?:?",
    re.IGNORECASE,
)
OMITTED = re.compile(r"(SCENES? )?(OMITTED|OMIT|ENTFÄLLT|GESTRICHEN|SUPPRIMÉE?|OMITIDA|OMESSA)\.?", re.IGNORECASE)
DATED = re.compile(
    r"\b(draft|version|revis\w*|fassung|rev\.?)\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|"
    r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b.*\d{4}",
    re.IGNORECASE,
)
SCENE_NUMBER = (
    r"[A-Z]{0,3}-?\d{1,4}[A-Za-z]{0,3}(?:[-.](?:\d{1,3}[A-Za-z]{0,3}|[A-Za-z]{1,3}))?(?:\s?[-–]\s?\d{1,4}[A-Z]{0,2})?"
)
PAGE_NUMBER = re.compile(
    r"[-–(\[]?\s*(?:page|seite|p\.|стр\.)?\s*(\d{1,4})[A-Z]?\s*(?:(?:/|of|von|de|sur)\s*\d+)?\s*[-–)\].]*", re.I
)


def bare(text: str) -> str:
    """A mark without its brackets, colon, quotes and count: "(CONTINUED): (2)" is CONTINUED."""
    plain = re.sub(r"\(\s*\d+\s*\)", "", text.replace("’", "'")).strip()
    return plain.strip("()[]:–—- .…").upper() if plain else ""
