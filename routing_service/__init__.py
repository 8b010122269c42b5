"""Rules-driven routing and SLA service: the version and nothing else."""

__version__ = "0.1.0"
