// RFC 6749 §2.3 and §3.2: what the endpoints have in common at which a client authenticates itself.
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>A form post of an authenticated client, judged by one configuration and one time.</summary>
public sealed record ClientRequest(Client Client, Parameters Parameters, Configuration Configuration, DateTimeOffset Now)
{
    public Sender Sender { get; init; } = Sender.Unknown;
}

/// <summary>The beginning of every such endpoint: a form, posted, by a client that proves itself.</summary>
public sealed class ClientEndpoint(ClientAuthenticator authenticator, IConfigurationSource configuration, TimeProvider time)
{
    /// <summary>Reads the form; null once it is answered that there is none.</summary>
    public static async ValueTask<(Parameters? Parameters, OAuthError? Error)> ReadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return (null, OAuthError.MethodNotAllowed());
        }

        // RFC 6749 §3.2: parameters come in the body; a doubled one is an error.
        var (parameters, formError) = await OAuthEndpoint.ReadFormAsync(context);
        return (parameters, formError);
    }

    /// <summary>The request of an authenticated client, or the refusal and the client it may be logged under.</summary>
    public async ValueTask<(ClientRequest? Request, OAuthError? Error, string? ClientId)> AuthenticateAsync(HttpContext context)
    {
        var (parameters, formError) = await ReadAsync(context);
        if (formError is not null)
        {
            return (null, formError, null);
        }

        var current = configuration.Current;
        var now = time.GetUtcNow();
        var given = CredentialsOf(context, parameters!);
        switch (await authenticator.AuthenticateAsync(given, current, now, context.RequestAborted))
        {
            case ClientAuthenticationOutcome.Authenticated authenticated:
                var sender = new Sender(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent);
                return (new ClientRequest(authenticated.Client, parameters!, current, now) { Sender = sender }, null, authenticated.Client.Id);
            case ClientAuthenticationOutcome.Refused refused:
                Challenge(context, refused);

                // Only an id that is one: what else stands there may be a secret in the wrong place.
                return (null, refused.Error, current.FindClient(parameters!["client_id"] ?? "")?.Id);
            default:
                throw new InvalidOperationException("An outcome nobody knows.");
        }
    }

    public static ClientCredentials CredentialsOf(HttpContext context, Parameters parameters) => new(
        context.Request.Headers.Authorization is { Count: > 0 } values ? values.ToString() : null, parameters, NetworkOf(context.Connection.RemoteIpAddress));

    public static void Challenge(HttpContext context, ClientAuthenticationOutcome.Refused refused)
    {
        if (refused is { ByHeader: true, Error.Status: StatusCodes.Status401Unauthorized })
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"token\", charset=\"UTF-8\"";
        }
    }

    // An IPv4 address as it stands, mapped or not; of IPv6 the /64, which is what one subscriber gets (RFC 6177 §2).
    private static UInt128 NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes.Clear();
            bytes[10..12].Fill(0xFF);
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            if (!address.IsIPv4MappedToIPv6)
            {
                bytes[8..].Clear();
            }
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
