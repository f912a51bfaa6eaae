"""What runs the migrations of plugins' own tables; the scripts themselves lie with each plugin."""
