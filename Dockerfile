# docker build -t glue-conformance --build-arg COMMIT="$(git log -1 --format='%H %cs')" .
# docker run --rm --network host -v "$PWD:/work" --user "$(id -u)" glue-conformance run --endpoint http://127.0.0.1:5000
FROM debian:12-slim AS build
WORKDIR /src
COPY scripts/packages.sh scripts/
RUN . scripts/packages.sh && ensure_packages $build_packages
COPY . .
ARG COMMIT=
# The program that needs nothing but the C library and OpenSSL.
RUN cmake --preset release -DGLUE_CONFORMANCE_TESTS=OFF -DGLUE_CONFORMANCE_COMMIT="$COMMIT" \
    && cmake --build build/release --target portable \
    && strip build/release/portable/glue-conformance

FROM debian:12-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends ca-certificates libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 conformance
COPY --from=build /src/build/release/portable/glue-conformance /usr/local/bin/glue-conformance
USER conformance
WORKDIR /work
ENTRYPOINT ["glue-conformance"]
CMD ["--help"]
