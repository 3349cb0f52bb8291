"""The words of ``/incident``: what people type after it, read forgivingly into requests."""
