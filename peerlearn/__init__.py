"""PeerLearn: colleagues write short lessons, curators approve them, peers learn them, and points pay for what lasts."""
