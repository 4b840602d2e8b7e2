"""Menus that are changed in place, kept in Redis between one press and the next."""
