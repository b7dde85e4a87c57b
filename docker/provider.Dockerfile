# The provider: built with the SDK, run without it, as a user that owns nothing. Context: the root of the repository.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Jose/Jose.csproj src/Jose/packages.lock.json src/Jose/
COPY src/Oidc/Oidc.csproj src/Oidc/packages.lock.json src/Oidc/
COPY src/Accounts/Accounts.csproj src/Accounts/packages.lock.json src/Accounts/
COPY src/AccessTokens/AccessTokens.csproj src/AccessTokens/packages.lock.json src/AccessTokens/
COPY src/IdentityProvider/IdentityProvider.csproj src/IdentityProvider/packages.lock.json src/IdentityProvider/
RUN dotnet restore src/IdentityProvider/IdentityProvider.csproj --locked-mode -r linux-x64 -p:PublishReadyToRun=true
COPY src/ src/
RUN dotnet publish src/IdentityProvider/IdentityProvider.csproj -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true -o /identity

FROM debian:13-slim
# libargon2 hashes passwords, ICU compares addresses, curl asks whether it is ready.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libargon2-1 libicu76 libssl3t64 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home identity
COPY --from=build /identity /identity
USER 10001
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "http://localhost:8080/health/ready"]
# Longer than Shutdown:Drain and what is then still being answered.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/identity/IdentityProvider"]
