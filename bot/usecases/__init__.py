"""What people do, one verb a file: functions of an open session that never commit and never call Slack."""
