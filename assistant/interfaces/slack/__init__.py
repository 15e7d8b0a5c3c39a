"""The assistant in the production office's Slack; nothing of Slack's own libraries is loaded until it serves."""
