"""How gunicorn serves in production; `gunicorn config.wsgi:application` in this folder reads it."""

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers, threads = 2, 4
worker_tmp_dir = "/dev/shm"  # noqa: S108 - the heartbeat of a worker: memory, not a disk that may wait
# Once, before the workers are born: a refusal to start ends the whole server, and what is loaded is shared.
preload_app = True
max_requests, max_requests_jitter = 2000, 200
timeout, graceful_timeout, keepalive = 120, 30, 65  # the proxy closes idle connections first
limit_request_line, limit_request_field_size = 4094, 8190
accesslog = None  # addresses hold signed codes; what happens is logged by its words, see lib/logs.py
control_socket_disable = True
