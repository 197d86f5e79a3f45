"""What makes a kiosk a television, a counter or a hospital desk: profiles and key maps, as data."""
