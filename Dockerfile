# syntax=docker/dockerfile:1
# driftline as an image: one static program, and a user without rights.
#
#   docker build -t driftline .                      the program alone, for `docker run`
#   docker build -t driftline:ci --target ci .       with a shell and git, for jobs that run in an image
#
#   docker run --rm -v "$PWD:/work" -e DATABASE_URL driftline check

# Rust's own target on Alpine is musl, and what it links is static.
FROM rust:1.89-alpine3.22 AS build
SHELL ["/bin/ash", "-eo", "pipefail", "-c"]
# Alpine keeps no older version of a package, so none can be named here.
# hadolint ignore=DL3018
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release && cp target/release/driftline /driftline
# A program that needs a library would not start in an empty image.
RUN readelf -d /driftline >/needs && ! grep NEEDED /needs

FROM alpine:3.22 AS ci
# hadolint ignore=DL3018
RUN apk add --no-cache bash curl git jq && adduser -D -u 65532 driftline
COPY --from=build /driftline /usr/local/bin/driftline
USER 65532:65532
WORKDIR /work
CMD ["driftline", "--help"]

# No shell and no certificates: those of public CAs are in the program, others a URL names with ssl-ca.
FROM scratch
COPY --from=build /driftline /usr/local/bin/driftline
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/driftline"]
CMD ["--help"]
