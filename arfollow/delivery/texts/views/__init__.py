"""What gateways post, the inbox of text messages, and the page of settings."""
