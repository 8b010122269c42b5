"""`python -m routing_service` is the command `routing-service`."""

from routing_service.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
