"""The first run: from an empty company to its first list, and further companies."""
