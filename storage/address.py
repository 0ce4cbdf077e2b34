"""The address of a PostgreSQL server, as libpq reads it: several hosts and ports, sockets, parameters.

A password may stand in it. So nothing of one that is misread is ever repeated, also not in the driver's words.
"""

import re

from bot.errors import StartError

ENCODED = (
    "The database's address is misread: in it the characters @ / ? % of a user or password are written %40 %2F %3F %25."
)


def judge(url: str) -> None:
    """Raises StartError for an address of which libpq would take a part for another one, or that it cannot read. ImportError:
    there is no driver."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    said = url.partition("://")[2]
    path = said.partition("?")[0]
    person = said.partition("/")[0].rpartition("@")[0]
    if path.count("@") > 1 or "@" in path.partition("/")[2] or set("@?") & set(person):
        raise StartError(ENCODED)
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        unknown = re.match(r'invalid URI query parameter: "([a-z_]+)"', str(error))
        asked = said.partition("?")[2]
        if unknown and "@" not in asked and "password" not in asked:  # else it may be a part of one
            raise StartError(
                f"The database's address has a parameter that libpq does not know: {unknown[1]}."
            ) from None
        secret = "@" in said or "password" in said
        raise StartError(ENCODED if secret else f"The database's address cannot be read: {error}".strip()) from None
