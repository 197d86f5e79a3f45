"""The reception's side of visits: a list of them as data, for the window that shows it."""
