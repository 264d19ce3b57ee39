"""Grounds: kinds of signal that detection is measured on."""
