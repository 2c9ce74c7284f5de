"""What the messages of workflows say: values, words, links, and what stops them."""
