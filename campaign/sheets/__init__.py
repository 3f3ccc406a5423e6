"""Spreadsheets and official forms, in and out."""
