"""The pages' doors to the services of ideas."""
