"""A callback plugin of Ansible's: it leaves word when a task begins, and when all is done that was to be done."""

import os

from ansible.plugins.callback import CallbackBase

from runbooks import far

DOCUMENTATION = """
name: tocsin_far
type: notification
short_description: tells Tocsin how far a playbook came
description: Leaves word in the folder TOCSIN_FOLDER.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Named as Ansible wants it."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "tocsin_far"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_task_start(self, task: object, is_conditional: bool) -> None:
        far.sent(os.environ["TOCSIN_FOLDER"])

    def v2_playbook_on_stats(self, stats: object) -> None:
        if stats.processed:  # type: ignore[attr-defined]
            far.summed(os.environ["TOCSIN_FOLDER"])
