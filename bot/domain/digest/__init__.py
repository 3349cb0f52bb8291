"""The digest: when it comes, how it is ordered in words, and what is in it."""
