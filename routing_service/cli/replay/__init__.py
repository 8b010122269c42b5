"""What the demo verb is made of: an incident log as acts, their replay over gRPC, the figures."""
