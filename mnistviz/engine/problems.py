"""Faults as a code and values; `mnistviz.sentences` turns them into words."""


class Problem(Exception):
    """A fault to be reported to the user in one sentence.

    `code` names the fault, `values` holds what the sentence needs: names, numbers, bounds.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
