"""The service around core: one writer per desk, and the gRPC front before it."""
