"""The report for the physiotherapist and the person: facts, in text, CSV, HTML or PDF, or aloud.

Law: it counts and lists. It gives no cause, no judgement and no advice.
"""
