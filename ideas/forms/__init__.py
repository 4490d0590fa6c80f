"""What people type about ideas."""
