"""What the card's own system does beside the device: reads the person's files, offers a hotspot, updates itself."""
