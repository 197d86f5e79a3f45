"""What stands in each application of the card: one file per application, data only."""
