"""The Learn page."""

from myowatch.dashboard.learn.learn_view import show

show()
