"""Logs as plain lines: structlog's own choice draws every local variable of a traceback, for seconds."""

import pytest
import structlog


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ],
        cache_logger_on_first_use=False,
    )
