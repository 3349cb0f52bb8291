"""Shifts: who is on duty when, by rotations, calendars, and what people exchange among themselves."""
