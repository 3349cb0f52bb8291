"""Rounds: a Slack bot that runs incidents and hands them over."""
