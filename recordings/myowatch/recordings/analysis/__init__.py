"""Detection in one recorded file, its result, and the detection settings of a recording.

Everything is in `analyze`.
"""
