"""Numbers of incidents, as people type them."""

import click


class IncidentNumber(click.ParamType[int]):
    """`INC-42`, `inc-42` or `42`."""

    name = "incident"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = value.upper().removeprefix("INC-")
        if not (number.isascii() and number.isdigit()):
            self.fail(f"{value} is no incident: write INC-42", param, ctx)
        return int(number)
