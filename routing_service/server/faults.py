"""Faults of ours: logged with their stack under a random id, of which callers see the id alone."""

import logging
import secrets

log = logging.getLogger(__name__)


def fault(rpc: str, error: Exception) -> str:
    """Log the exception; the id to tell the caller."""
    error_id = secrets.token_hex(8)
    log.error("fault", extra={"rpc": rpc, "error_id": error_id}, exc_info=error)
    return error_id
