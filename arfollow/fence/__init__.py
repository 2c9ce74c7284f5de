"""The restore fence: nothing is sent from a database that was restored or copied, until an administrator says so."""
