"""The crash rig behind script/crash: kills processes at random moments, then proves that nothing went out twice or got lost."""
