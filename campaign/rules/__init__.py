"""The law of a campaign in plain Python: no Flask and no SQL in here, so that it can be read aloud and tested alone."""
