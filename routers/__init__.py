"""Models, tasks, money, policy and health; knows nothing of film."""
