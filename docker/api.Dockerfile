# A resource API: --build-arg PROJECT=MembersApi or SmartCs. Context: the root of the repository.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG PROJECT
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY src/Jose/Jose.csproj src/Jose/packages.lock.json src/Jose/
COPY src/AccessTokens/AccessTokens.csproj src/AccessTokens/packages.lock.json src/AccessTokens/
COPY src/${PROJECT}/${PROJECT}.csproj src/${PROJECT}/packages.lock.json src/${PROJECT}/
RUN dotnet restore src/${PROJECT}/${PROJECT}.csproj --locked-mode -r linux-x64
COPY src/ src/
RUN dotnet publish src/${PROJECT}/${PROJECT}.csproj -c Release -r linux-x64 --self-contained -p:AssemblyName=${PROJECT} -o /api \
    && ln -s /api/${PROJECT} /api/start

FROM debian:13-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libicu76 libssl3t64 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home identity
COPY --from=build /api /api
USER 10001
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["curl", "-fsS", "http://localhost:8080/health/ready"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/api/start"]
