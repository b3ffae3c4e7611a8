# A static cos in an image of nothing else: docker build -t cos .
#
#   docker run --rm -it cos                                   the prompt
#   docker run --rm -v "$PWD:/work" cos run program.mac
#   docker run --rm -v "$PWD:/work" cos test --junit junit.xml tests
#
# Globals are kept in /data. It runs as user 65532; for files that /work shall get, add
# --user "$(id -u):$(id -g)".

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
# timetzdata: the time zones, which the image has no files of.
RUN make build VERSION=$VERSION TAGS=timetzdata
RUN mkdir -p /out/data /out/tmp /out/work && chmod 1777 /out/data /out/tmp /out/work

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/ /
COPY --from=build /src/bin/cos /cos
USER 65532:65532
ENV HOME=/data COS_DATA=/data/globals XDG_STATE_HOME=/data/state
WORKDIR /work
VOLUME /data
ENTRYPOINT ["/cos"]
