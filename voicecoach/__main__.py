"""`python -m voicecoach` is the same as `voicecoach`."""

import sys

from voicecoach.cli import main

sys.exit(main())
