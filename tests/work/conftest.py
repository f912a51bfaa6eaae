"""What tests of tasks look at: the instance of the staff tests, in which deliveries fail as they are told to."""

from tests.staff.conftest import core, post, settings, world

__all__ = ["core", "post", "settings", "world"]
