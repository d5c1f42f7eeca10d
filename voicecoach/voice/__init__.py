"""The voice: text becomes clips of PCM. It renders; it never plays and never keeps time."""
