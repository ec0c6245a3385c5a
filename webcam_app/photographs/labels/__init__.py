"""What is known about photographs from people: true labels, corrections, and how the network compares with them."""
