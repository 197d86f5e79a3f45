"""Hand-over of files to and from the practice's computer: requests in, answers out, each exactly once."""
