using System.Buffers;
using System.Buffers.Text;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using IdentityProvider;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Npgsql;
using NpgsqlTypes;

namespace Bench;

/// <summary>
/// What no provider on this stack can beat: bare Kestrel with the cryptography and the very PostgreSQL statements of each protocol step, and
/// nothing else. It believes every caller and refuses nobody; it exists to be divided by, and is never slowed.
/// </summary>
static class LimitServer
{
    const int FindGrant = 0, FindCode = 1, RedeemCode = 2, Rotate = 3;
    const string Grant = "01980000-0000-7000-8000-000000000002", Subject = "01980000-0000-7000-8000-000000000000", Session = "0123456789abcdef0123456789abcdef01234567890";
    static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    static readonly byte[] RefreshKey = RandomNumberGenerator.GetBytes(32), SecretHash = SHA256.HashData("machine-development-secret"u8);
    static readonly byte[] Discovery = Encoding.ASCII.GetBytes($$"""{"issuer":"{{new string('d', 2_200)}}"}"""), Jwks = Encoding.ASCII.GetBytes($$"""{"keys":"{{new string('k', 900)}}"}""");
    static readonly JwtTemplate MachineToken = new("at+jwt", """{"iss":"http://localhost:5100","aud":["members","smart-cs"],"sub":"machine","client_id":"machine","iat":IIIIIIIIII,"exp":EEEEEEEEEE,"jti":"JJJJJJJJJJJJJJJJJJJJJJ","scope":"members.read leads.write"}""");
    static readonly JwtTemplate AccessToken = new("at+jwt", $$"""{"iss":"http://localhost:5100","aud":"members","sub":"{{Subject}}","client_id":"bench","iat":IIIIIIIIII,"exp":EEEEEEEEEE,"jti":"JJJJJJJJJJJJJJJJJJJJJJ","scope":"openid profile email offline_access members","auth_time":1760000000,"acr":"urn:identity:acr:1fa","amr":["pwd"],"sid":"{{Session}}","gid":"{{Grant}}"}""");
    static readonly JwtTemplate IdToken = new("JWT", $$"""{"iss":"http://localhost:5100","sub":"{{Subject}}","aud":"bench","exp":EEEEEEEEEE,"iat":IIIIIIIIII,"auth_time":1760000000,"nonce":"0123456789abcdef","acr":"urn:identity:acr:1fa","amr":["pwd"],"sid":"{{Session}}","at_hash":"JJJJJJJJJJJJJJJJJJJJJJ"}""");
    static readonly Channel<NpgsqlCommand[]> Lanes = Channel.CreateUnbounded<NpgsqlCommand[]>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

    static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    public static async Task RunAsync(int port, string database, int connections)
    {
        // Read by the socket layer when it starts: the thread that sees a request arrive answers it.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        for (var i = 0; i < connections; i++)
            await Lanes.Writer.WriteAsync(await PrepareAsync(database));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.RunAsync();
    }

    static Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/.well-known/openid-configuration" => WriteAsync(context, Discovery, "public, max-age=3600"),
        "/.well-known/openid-configuration/jwks" => WriteAsync(context, Jwks, "public, max-age=3600"),
        "/connect/token" => AnswerTokenAsync(context),
        "/connect/userinfo" => AnswerUserInfoAsync(context),
        _ => Task.CompletedTask,
    };

    static Task WriteAsync(HttpContext context, ReadOnlySpan<byte> body, string cacheControl)
    {
        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = cacheControl;
        response.BodyWriter.Write(body);
        return Task.CompletedTask;
    }

    static async Task AnswerTokenAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAtLeastAsync((int)context.Request.ContentLength!);
        byte[] form = [(byte)'&', .. read.Buffer.ToArray()];
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        var kind = Value(form, "&grant_type="u8)[0];
        await (kind == (byte)'c' ? AnswerMachineAsync(context) : AnswerGrantAsync(context, form, refreshing: kind == (byte)'r'));
    }

    static async Task AnswerGrantAsync(HttpContext context, byte[] form, bool refreshing)
    {
        var (nonce, token, hash, old) = Successor((refreshing ? Value(form, "&refresh_token="u8) : Value(form, "&code="u8)).ToArray());
        var grant = refreshing
            ? await QueryAsync(Rotate, row => row.GetGuid(0), old, "bench", Now, DBNull.Value, Array.Empty<string>(), Array.Empty<string>(), Now.AddDays(14), nonce, 1, hash)
            : await QueryAsync(FindCode, row => row.GetGuid(0), old);
        if (!refreshing && SHA256.HashData(Value(form, "&code_verifier="u8)).Length > 0)
            await QueryAsync(RedeemCode, _ => 0, old, Now, Now.AddDays(90), hash, Now.AddDays(14), Now.AddDays(90));
        await AnswerPersonAsync(context, grant, token);
    }

    static Task AnswerMachineAsync(HttpContext context)
    {
        Span<byte> credentials = stackalloc byte[128], hash = stackalloc byte[32], answer = stackalloc byte[1_024];
        Convert.TryFromBase64Chars(context.Request.Headers.Authorization.ToString().AsSpan("Basic ".Length), credentials, out var length);
        SHA256.HashData(credentials[(credentials.IndexOf((byte)':') + 1)..length], hash);
        CryptographicOperations.FixedTimeEquals(hash, SecretHash);
        var end = MachineToken.Sign(answer, Append(answer, 0, "{\"access_token\":\""u8));
        return WriteAsync(context, answer[..Append(answer, end, "\",\"token_type\":\"Bearer\",\"expires_in\":600,\"scope\":\"members.read leads.write\"}"u8)], "no-store");
    }

    static Task AnswerPersonAsync(HttpContext context, Guid grant, ReadOnlySpan<byte> refreshToken)
    {
        Span<byte> answer = stackalloc byte[2_048], hash = stackalloc byte[32];
        var start = Append(answer, 0, "{\"access_token\":\""u8);
        var end = AccessToken.Sign(answer, start, grant: grant);
        SHA256.HashData(answer[start..end], hash);
        end = IdToken.Sign(answer, Append(answer, end, "\",\"token_type\":\"Bearer\",\"expires_in\":600,\"scope\":\"openid profile email offline_access members\",\"id_token\":\""u8), hash[..16]);
        end = Append(answer, Append(answer, end, "\",\"refresh_token\":\""u8), refreshToken);
        return WriteAsync(context, answer[..Append(answer, end, "\"}"u8)], "no-store");
    }

    static async Task AnswerUserInfoAsync(HttpContext context)
    {
        var grant = VerifiedGrant(context.Request.Headers.Authorization.ToString());
        var (sub, name, email) = await QueryAsync(FindGrant, row => (row.GetGuid(0), row.GetString(2), row.GetString(3)), grant, SecretHash);
        await WriteAsync(context, Encoding.UTF8.GetBytes($$"""{"sub":"{{sub}}","name":"{{name}}","email":"{{email}}","email_verified":true}"""), "no-store");
    }

    static async Task<NpgsqlCommand[]> PrepareAsync(string database)
    {
        var connection = await NpgsqlDataSource.Create(database).OpenConnectionAsync();
        NpgsqlCommand[] lane = [new(TokenStore.FindGrantSql), new(GrantStore.FindCodeSql), new(GrantStore.RedeemCodeSql), new(GrantStore.RotateSql)];
        const NpgsqlDbType bytes = NpgsqlDbType.Bytea, time = NpgsqlDbType.TimestampTz, text = NpgsqlDbType.Text, texts = NpgsqlDbType.Array | text;
        NpgsqlDbType[][] types = [[NpgsqlDbType.Uuid, bytes], [bytes], [bytes, time, time, bytes, time, time],
            [bytes, text, time, texts, texts, texts, time, bytes, NpgsqlDbType.Integer, bytes]];
        for (var i = 0; i < lane.Length; i++)
        {
            lane[i].Connection = connection;
            lane[i].Parameters.AddRange(types[i].Select(type => new NpgsqlParameter { NpgsqlDbType = type }).ToArray());
            await lane[i].PrepareAsync();
        }
        return lane;
    }

    static async Task<T> QueryAsync<T>(int statement, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        var lane = await Lanes.Reader.ReadAsync();
        for (var i = 0; i < values.Length; i++)
            lane[statement].Parameters[i].Value = values[i];
        T result;
        await using (var reader = await lane[statement].ExecuteReaderAsync(CommandBehavior.SingleRow))
            result = await reader.ReadAsync() || statement == RedeemCode ? read(reader) : throw new InvalidOperationException($"Statement {statement} found nothing.");
        Lanes.Writer.TryWrite(lane);
        return result;
    }

    static Guid VerifiedGrant(string header)
    {
        Span<byte> token = stackalloc byte[1_024], payload = stackalloc byte[768], hash = stackalloc byte[32], signature = stackalloc byte[64];
        token = token[..Encoding.ASCII.GetBytes(header.AsSpan("Bearer ".Length), token)];
        var (start, dot) = (token.IndexOf((byte)'.') + 1, token.LastIndexOf((byte)'.'));
        SHA256.HashData(token[..dot], hash);
        Base64Url.DecodeFromUtf8(token[(dot + 1)..], signature);
        if (!Key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            throw new CryptographicException("Not a token of this server.");
        Base64Url.DecodeFromUtf8(token[start..dot], payload);
        return Utf8Parser.TryParse(payload[(payload.IndexOf("\"gid\":\""u8) + 7)..], out Guid grant, out _) ? grant : default;
    }

    static (byte[] Nonce, byte[] Token, byte[] Hash, byte[] OldHash) Successor(byte[] old)
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        byte[] token = [.. "rt_"u8, .. Base64Url.EncodeToUtf8(HMACSHA256.HashData(RefreshKey, (byte[])[.. old, .. nonce]))];
        return (nonce, token, SHA256.HashData(token), SHA256.HashData(old));
    }

    static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> form, ReadOnlySpan<byte> key)
    {
        var value = form[(form.IndexOf(key) + key.Length)..];
        return value.IndexOf((byte)'&') is var end and >= 0 ? value[..end] : value;
    }

    static int Append(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    /// <summary>A JWT whose header is encoded beforehand and whose payload is patched, not written.</summary>
    sealed class JwtTemplate(string type, string claims)
    {
        readonly byte[] _header = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","typ":"{{type}}","kid":"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}""")) + ".");
        readonly byte[] _payload = Encoding.ASCII.GetBytes(claims);
        readonly int _issued = claims.IndexOf("IIIII", StringComparison.Ordinal), _expires = claims.IndexOf("EEEEE", StringComparison.Ordinal);
        readonly int _random = claims.IndexOf("JJJJJ", StringComparison.Ordinal), _grant = claims.IndexOf(Grant, StringComparison.Ordinal);

        public int Sign(Span<byte> target, int start, ReadOnlySpan<byte> accessTokenHash = default, Guid grant = default)
        {
            Span<byte> payload = stackalloc byte[_payload.Length], random = stackalloc byte[16], hash = stackalloc byte[32], signature = stackalloc byte[64];
            _payload.CopyTo(payload);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            Utf8Formatter.TryFormat(now, payload[_issued..], out _);
            Utf8Formatter.TryFormat(now + 600, payload[_expires..], out _);
            RandomNumberGenerator.Fill(random);
            Base64Url.EncodeToUtf8(accessTokenHash.IsEmpty ? random : accessTokenHash, payload[_random..]);
            if (_grant >= 0)
                Utf8Formatter.TryFormat(grant, payload[_grant..], out _);
            var end = Append(target, start, _header);
            end += Base64Url.EncodeToUtf8(payload, target[end..]);
            SHA256.HashData(target[start..end], hash);
            Key.TrySignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out _);
            target[end++] = (byte)'.';
            return end + Base64Url.EncodeToUtf8(signature, target[end..]);
        }
    }
}
