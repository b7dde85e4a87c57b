using System.Text;
using Oidc;

namespace Attacks;

/// <summary>Requests that are wrong before anything of them is read: refused with the status HTTP has for it, and the next one is served.</summary>
public sealed class WireAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    private const int KiB = 1_024;

    public static TheoryData<string> Gets => [Endpoints.Metadata, Endpoints.Jwks, Endpoints.Authorize, Endpoints.AuthorizeContinue, Endpoints.UserInfo, Endpoints.EndSession, "/log-in", "/create-account", "/health", "/assets/x", "/nowhere"];

    public static TheoryData<string> Posts =>
    [
        Endpoints.Token, Endpoints.Authorize, Endpoints.UserInfo, Endpoints.EndSession, "/log-in", "/log-in/password", "/email-verification", "/create-account", "/create-account/password", "/log-out", "/consent",
    ];

    // RFC 9110 §15.5.15.
    [Theory]
    [MemberData(nameof(Gets))]
    public async Task A_request_line_over_8_KiB_is_414(string path)
    {
        var line = "GET " + path + "?x= HTTP/1.1\r\n";

        (await SendAsync(Shot.Get(path + "?x=" + new string('x', (8 * KiB) - line.Length + 1)))).Status.ShouldBe(414);
        (await SendAsync(Shot.Get(path + "?x=" + new string('x', 64 * KiB)))).Status.ShouldBe(414);
        (await SendAsync(Shot.Get(path + "?x=" + new string('x', (8 * KiB) - line.Length)))).Status.ShouldNotBe(414);
    }

    // RFC 9110 §15.5.14.
    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_over_64_KiB_is_413(string path)
    {
        var shot = new Shot("POST", path).WithBody("x=" + new string('x', 64 * KiB));

        (await SendAsync(shot)).Status.ShouldBe(413);
        (await SendAsync(shot with { Body = Encoding.ASCII.GetBytes($"{65 * KiB:X}\r\n{new string('x', 65 * KiB)}\r\n0\r\n\r\n"), Headers = [.. shot.Headers, ("Transfer-Encoding", "chunked")] })).Status.ShouldBe(413);
        (await SendAsync(shot with { Body = Encoding.ASCII.GetBytes(new string('x', 2 * KiB * KiB)) })).Status.ShouldBe(413);
        (await SendAsync(shot with { Body = [] } with { Headers = [.. shot.Headers, ("Content-Length", "99999999999")] })).Status.ShouldBe(413);
    }

    // RFC 9112 §7.1 and §6.3.
    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_with_wrong_framing_is_400(string path)
    {
        var shot = new Shot("POST", path).With("Content-Type", "application/x-www-form-urlencoded");

        foreach (var chunks in new[] { "zz\r\nx\r\n0\r\n\r\n", "-1\r\n\r\n", "5\r\nx=1", "FFFFFFFFFFFFFFFFF\r\n", "1;\r\nx\r\n0\r\nA: é\r\n\r\n", "\r\n", "1 1\r\nx\r\n0\r\n\r\n" })
        {
            var garbled = shot with { Body = Encoding.Latin1.GetBytes(chunks), Headers = [.. shot.Headers, ("Transfer-Encoding", "chunked")] };

            // Signing out is never refused: whoever may be signed in is asked, and only the way back is lost.
            (await Attacked.SendAsync(garbled.ToBytes(Attacked.Port), garbled, isUnfinished: true)).Status.ShouldBeOneOf(path == Endpoints.EndSession ? [400, 0, 303, 200] : [400, 0], chunks);
        }

        foreach (var headers in new (string, string)[][]
        {
            [("Content-Length", "1"), ("Content-Length", "2")], [("Content-Length", "-1")], [("Content-Length", "1,1")], [("Content-Length", "0x1")], [("Content-Length", "")],
            [("Transfer-Encoding", "gzip")], [("Transfer-Encoding", "chunked, gzip")], [("Transfer-Encoding", "xchunked")], [("Transfer-Encoding", "identity")],
        })
        {
            (await SendAsync(shot with { Body = "x"u8.ToArray(), Headers = [.. shot.Headers, .. headers] })).Status.ShouldBeOneOf([400, 411, 413, 501], string.Join(' ', headers));
        }
    }

    // Two lengths for one body: whoever stands in front of us may have read the other one.
    [Fact]
    public async Task Nobody_smuggles_a_second_request()
    {
        var inner = "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: x\r\n\r\n";
        var shot = new Shot("POST", Endpoints.Token).With("Content-Type", "application/x-www-form-urlencoded").With("Content-Length", "4").With("Transfer-Encoding", "chunked");

        var reply = await SendAsync(shot with { Body = Encoding.ASCII.GetBytes("0\r\n\r\n" + inner) });

        reply.Body.ShouldNotContain("authorization_endpoint");
    }

    [Fact]
    public async Task Headers_over_32_KiB_are_431()
    {
        (await SendAsync(Shot.Get(Endpoints.Metadata).With("X", new string('x', 33 * KiB)))).Status.ShouldBe(431);
        var many = Enumerable.Range(0, 200).Aggregate(Shot.Get(Endpoints.Metadata), (shot, number) => shot.With($"X-{number}", "x"));
        (await SendAsync(many)).Status.ShouldBe(431);
    }

    [Theory]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n X: folded\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost : localhost\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n: x\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration HTTP/3.7\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /.well-known/openid-configuration\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("G\u00e9T / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("\r\n\r\n\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 garbage that never ends in a line\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task What_is_not_HTTP_is_refused(string request)
    {
        var reply = await Attacked.SendAsync(Encoding.Latin1.GetBytes(request), request, isUnfinished: true);

        reply.Status.ShouldBeOneOf([0, 400, 426, 505], request);
    }

    [Theory]
    [InlineData("//connect/token")]
    [InlineData("/connect//token")]
    [InlineData("/connect%2ftoken")]
    [InlineData("/connect%2Ftoken")]
    [InlineData("/connect\\token")]
    [InlineData("/connect%5ctoken")]
    [InlineData("/connect/token/")]
    [InlineData("/connect/token;x=1")]
    [InlineData("/connect/token%20")]
    [InlineData("/Connect/Token")]
    [InlineData("/connect/token.json")]
    [InlineData("/connect/token/..;/userinfo")]
    [InlineData("/%63onnect/tok%65n%2f")]
    [InlineData("/admin")]
    [InlineData("/api/admin/v1/clients")]
    [InlineData("/connect/dcr")]
    [InlineData("/accounts")]
    [InlineData("/appsettings.json")]
    [InlineData("/.git/config")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/assets/..%2f..%2fappsettings.json")]
    [InlineData("/assets/pages.css")]
    public async Task An_address_that_is_almost_one_of_ours_is_not_found(string target)
    {
        (await SendAsync(Shot.Get(target))).Status.ShouldBeOneOf([404, 400], target);
        (await SendAsync(Shot.Post(target, Requests.ClientCredentials))).Status.ShouldBeOneOf([404, 400, 405], target);
    }

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task No_strange_method_is_a_failure(string path)
    {
        foreach (var method in new[] { "TRACE", "CONNECT", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "X", new string('X', 200) })
        {
            (await SendAsync(new Shot(method, path))).Status.ShouldBeOneOf([204, 400, 401, 404, 405], $"{method} {path}");
        }

        (await SendAsync(new Shot("HEAD", path))).Status.ShouldBeOneOf([200, 303, 400, 401, 404, 405], path);
    }

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task A_body_where_none_is_expected_changes_nothing(string path)
    {
        var without = await SendAsync(Shot.Get(path));

        (await SendAsync(Shot.Get(path).WithBody("x=%FF&x=1"))).Status.ShouldBe(without.Status);
    }
}
