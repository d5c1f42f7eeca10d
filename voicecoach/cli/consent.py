"""A yes before something is deleted or written over."""

from __future__ import annotations


def sure(question: str) -> bool:
    """A yes, typed by a person; where nobody is there to be asked, no."""
    try:
        answer = input(f"{question} yes/no: ")
    except EOFError:
        print()
        return False
    return answer.strip().lower() in {"y", "yes"}
