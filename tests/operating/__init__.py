"""The commands of whoever runs PeerLearn, on databases of their own: what they commit stays."""
