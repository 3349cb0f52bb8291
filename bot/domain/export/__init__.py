"""An incident outside the database: a versioned record that goes back in, and a report for people."""
