"""Cards and readers. Knows nothing of Qt, HTTP or the portal; imports nothing else of this project."""
