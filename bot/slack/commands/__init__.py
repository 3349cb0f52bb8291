"""What happens when somebody types ``/incident``, a file for each family of commands."""
