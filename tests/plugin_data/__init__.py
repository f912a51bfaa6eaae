"""What plugins do with data: tables, tasks, subscribers, reading, letters, erasing."""
