"""One file per service. A flow is one coroutine that reads like the use case; it knows no Qt, no socket, no clock."""
