"""Outlets: a session as files, for a phone on the mat, a smart speaker or a hand-out.

Law: the same core, score and conductor as live, so that every cue of the file is where it is in a
session without interruptions. A file has its name only when it is whole; what was there before
stays until then. Memory does not grow with the length of a routine.
"""
