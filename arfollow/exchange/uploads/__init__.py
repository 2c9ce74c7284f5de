"""Imports by the screens: files dropped, mapped by clicking, checked and entered by the worker, undone again."""
