"""The first run: an empty installation becomes an organisation's, by whoever holds the secret it printed."""
