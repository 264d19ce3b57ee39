"""Texts that pages share.

`common_text` is for all pages, `trace_text` for the live and the zoomed trace.
"""
