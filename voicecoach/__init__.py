"""A hands-free voice coach for physiotherapy exercises on the mat."""

__version__ = "0.1.0"
