"""The Learn page."""

from myowatch.dashboard.learn.view import show

show()
