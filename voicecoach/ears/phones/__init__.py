"""A whole utterance, looked at as phones: what it sounds like, and which phrase fits it best."""
