"""The pages' doors to the services of outcomes."""
