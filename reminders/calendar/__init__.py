from reminders.calendar.parts import parts_of

__all__ = ["parts_of"]
