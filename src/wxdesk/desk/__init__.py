"""What a customer-service desk does: no HTTP, no settings, no network."""
