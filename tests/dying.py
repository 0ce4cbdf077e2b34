"""A program that dies at a chosen commit: the store refuses everything from then on, as a dead process would."""


class Died(BaseException):
    """The process is gone. Not an Exception: nobody may catch it and go on."""


class DiesAfter:
    """Give it to `open_store(..., watch=DiesAfter(3))`: commit 3 is on the disk, and nobody hears of it or does anything more."""

    def __init__(self, commits: int) -> None:
        self.commits = commits
        self.done = 0

    @property
    def dead(self) -> bool:
        return self.done >= self.commits

    def __call__(self, moment: str) -> None:
        if self.dead:
            raise Died
        if moment == "committed":
            self.done += 1
            if self.dead:
                raise Died
