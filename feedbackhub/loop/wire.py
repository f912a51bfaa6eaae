"""The wire to Celery workers: how messages are written and where they go; the same for who sends and who receives.

Celery only carries: a message names tasks by number and attempt, and everything else is in the database. No results,
no schedules of its own; what it loses comes back when the leases end.
"""

from __future__ import annotations

from typing import Any

from ..contract.errors import Unavailable
from ..machinery.settings import Engine as EngineSettings

__all__ = ["PLUGINS_QUEUE", "QUEUE", "WORK", "configuration", "new_celery", "urgency"]

#: The name of the one kind of message.
WORK = "feedbackhub.work"
QUEUE = "feedbackhub"
#: Tasks of plugins, so that workers can be set aside for them.
PLUGINS_QUEUE = "feedbackhub.plugins"
#: What Redis tells apart, 0 the most urgent: first asks and the core's work, fallbacks, reminders.
_STEPS = (0, 3, 6, 9)
_CONNECT, _ANSWER = 2.0, 5.0


def urgency(priority: int) -> int:
    """Return a message's priority for Celery, from a task's."""
    return max(step for step in _STEPS if step <= max(0, priority))


def configuration(settings: EngineSettings) -> dict[str, Any]:
    """Return Celery's settings.

    Args:
        settings: The engine's.
    """
    return {
        "broker_url": settings.broker,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {
            "queue_order_strategy": "priority",
            "priority_steps": list(_STEPS),
            "socket_connect_timeout": _CONNECT,
            "socket_timeout": _ANSWER,
            "socket_keepalive": True,
            "retry_on_timeout": False,
            "max_retries": 1,
        },
        "task_queues": {QUEUE: {}, PLUGINS_QUEUE: {}},
        "task_default_queue": QUEUE,
        "task_create_missing_queues": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "event_serializer": "json",
        "result_backend": None,
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        # A message is let go when its tasks are done; should it come again, the database knows what was begun.
        "task_acks_late": True,
        "task_reject_on_worker_lost": False,
        "worker_prefetch_multiplier": 1,
        "worker_proc_alive_timeout": 60.0,
        "worker_send_task_events": True,
        "task_send_sent_event": True,
        "worker_hijack_root_logger": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "task_publish_retry": False,
        "enable_utc": True,
        "timezone": "UTC",
    }


def new_celery(settings: EngineSettings) -> Any:
    """Return a Celery application that sends.

    Args:
        settings: The engine's.

    Raises:
        Unavailable: Celery is not installed.
    """
    try:
        from celery import Celery  # optional, and slow to import
    except ImportError:
        raise Unavailable('runner = "celery" needs more: pip install "feedbackhub[celery]"') from None
    celery = Celery("feedbackhub", set_as_current=False)
    celery.conf.update(configuration(settings))
    return celery
