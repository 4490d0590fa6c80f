# One image for web, worker, beat and migrate; docker-compose.yml says which is which.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
WORKDIR /app

# The requirements first: they change seldom, so the layer is kept.
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9 \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.txt \
    && pip uninstall -y uv

COPY . .
RUN python -m lib.catalogues compile
# /data holds uploaded files and the faces made from their packages; a new volume takes over its owner.
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin rasadnik \
    && mkdir /data && chown rasadnik /data
USER 10001
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000"]
