"""The pure heart of the coach: routines, plan, score, wording, commands, safety, session.

Law: nothing in this package does I/O, reads a clock, starts a thread, rolls a die or imports
anything beyond the standard library. Time comes in with events, as integer milliseconds.
"""
