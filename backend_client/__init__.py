"""How the kiosk talks to the outside: the messages (`wire`) and the HTTP client (`client`)."""
