"""What other programs tell by HTTP, signed with a key of the company's."""
