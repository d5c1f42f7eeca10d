"""The ears: microphone, keys or typed words become events. They hear; they never decide."""
