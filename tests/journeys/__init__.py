"""Stories of people at work with PeerLearn, told in a real browser."""
