# What ./run needs, and ./run. Context: the root of the repository.
FROM mcr.microsoft.com/dotnet/sdk:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends libargon2-1 libicu-dev nodejs npm postgresql \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home identity \
    && install -d -o identity /identity /var/tmp/identity
USER 10001
WORKDIR /identity
COPY --chown=identity . .
# The build belongs to the image; a start then only starts.
RUN for project in src/IdentityProvider src/MembersApi src/SmartCs sandbox; do dotnet build $project -c Release -v q -nologo || exit 1; done \
    && cd clients/storefront && npm ci --no-audit --no-fund && npm run build
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s CMD ["sh", "-c", "curl -fsS http://localhost:${PORT_BASE:-5100}/health/ready"]
ENTRYPOINT ["./run"]
