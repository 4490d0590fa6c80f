# One image for web, worker, beat and migrate; docker-compose.yml says which is which.
FROM python:3.13-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data ASSETS_DIR=/app/assets
WORKDIR /app

# The requirements first: they change seldom, so the layer is kept.
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9 \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.txt \
    && pip uninstall -y uv

COPY . .
# Faces, style, script and catalogues are made once, here: no container writes beside /data and /tmp.
RUN DATA_DIR=/tmp/build DJANGO_SETTINGS_MODULE=config.settings python -c "import django; django.setup()" \
    && rm -r /tmp/build
# /data holds stored files where no bucket is named; a new volume takes over its owner.
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin rasadnik \
    && mkdir /data && chown rasadnik /data
USER 10001
VOLUME /data
EXPOSE 8000
# gunicorn.conf.py says how
CMD ["gunicorn", "config.wsgi:application"]
