# All of VidGen and an ffmpeg of its own in an image of Debian: "docker run IMAGE web", worker, migrate, doctor, keys …
FROM node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7 AS ffmpeg
RUN apt-get update && apt-get install --yes --no-install-recommends \
      gcc libc6-dev make nasm patch pkg-config xz-utils zlib1g-dev
WORKDIR /build
# Compiling takes minutes, and nothing else of the project changes what comes of it.
COPY build/ffmpeg build/ffmpeg
RUN node build/ffmpeg/ffmpeg.ts

FROM node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7 AS build
# For the helper of the sandbox.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY --from=ffmpeg /build/node_modules/.vidgen/ffmpeg node_modules/.vidgen/ffmpeg
COPY . .
# The history is not here to ask.
ARG VIDGEN_COMMIT VIDGEN_DAY
RUN npm run build

FROM node:24-bookworm-slim@sha256:235600a8101ab264e117b1768e925532262668dc9b581ef1dd7d96ced463b8e7
RUN apt-get update \
 && apt-get install --yes --no-install-recommends tini \
      fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/dist /app
# Only the temporary folder is written to, so the rest may be read-only.
ENV NODE_ENV=production HOST=:: PORT=3000 DATA_DIR=/tmp/vidgen
WORKDIR /app
USER node
EXPOSE 3000
# Of web and start; a worker has no port, and ends when it cannot go on.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini reaps what ffmpeg may leave behind and hands signals on.
ENTRYPOINT ["tini", "--", "node", "--enable-source-maps", "/app/vidgen.mjs"]
CMD ["start"]
