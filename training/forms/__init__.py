"""The pages' doors to the services: what was typed, as values. Rules live in the services."""
