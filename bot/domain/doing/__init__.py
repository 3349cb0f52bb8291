"""Actions: who does what by when, and how one knows that it is done."""
