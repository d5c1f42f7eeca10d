"""The speaker: clips at exact sample positions of one continuous stream, and its clock."""
