"""Vital signs: how they are typed, their bands, and the stability they come to."""
