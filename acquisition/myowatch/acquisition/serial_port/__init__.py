"""Serial ports: open, read, list, and explain what is wrong.

Start with `serial_port.py`.
"""
