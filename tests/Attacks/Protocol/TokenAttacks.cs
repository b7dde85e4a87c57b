using Oidc;
using ProviderHarness;

namespace Attacks;

/// <summary>Each parameter of each token request in every wrong way: the specified error, and afterwards code and token work as if nothing had been.</summary>
public sealed class TokenAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    [Fact]
    public async Task No_wrong_parameter_spends_a_code()
    {
        var form = Requests.Redeem(Provider, await CodeAsync());

        await RefusesEveryMutationAsync(form);

        (await SendAsync(Shot.Post(Endpoints.Token, form))).Status.ShouldBe(200);
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-9704")]
    public async Task No_wrong_parameter_rotates_a_refresh_token()
    {
        var tokens = await Provider.RedeemAsync("storefront", await CodeAsync());
        var form = Requests.Refresh(tokens.RefreshToken);

        await RefusesEveryMutationAsync(form);

        var refreshed = await SendAsync(Shot.Post(Endpoints.Token, form));
        refreshed.Status.ShouldBe(200);
        (await SendAsync(Shot.Post(Endpoints.Token, form))).Json.GetProperty("refresh_token").GetString().ShouldBe(refreshed.Json.GetProperty("refresh_token").GetString());
    }

    [Fact]
    public async Task No_wrong_scope_or_resource_rotates_a_refresh_token()
    {
        var tokens = await Provider.RedeemAsync("storefront", await CodeAsync());
        var form = Requests.Refresh(tokens.RefreshToken);
        string[] harmless = ["missing", "empty", "as an array", "as a member"];

        foreach (var (parameter, value) in new[] { ("scope", "openid"), ("resource", "urn:identity:resource:members") })
        {
            foreach (var mutation in Mutations.All.Where(mutation => !harmless.Contains(mutation.Name) && !(parameter == "resource" && mutation.Name == "doubled")))
            {
                var reply = await SendAsync(Shot.Post(Endpoints.Token, mutation.Apply(form.With(parameter, value), parameter)));

                ShouldRefuse(reply, $"{parameter} {mutation.Name}");
            }
        }

        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task No_wrong_parameter_yields_a_token_to_a_machine()
    {
        await RefusesEveryMutationAsync(Requests.ClientCredentials);

        (await SendAsync(Shot.Post(Endpoints.Token, Requests.ClientCredentials))).Status.ShouldBe(200);
    }

    // RFC 6749 §3.2: what is not understood is ignored; what is malformed is refused even so.
    [Fact]
    public async Task Unknown_parameters_change_nothing()
    {
        foreach (var (name, form, isMalformed) in Mutations.Of(Requests.ClientCredentials.And("unknown", "x")).Where(mutated => mutated.Name.StartsWith("unknown ", StringComparison.Ordinal)))
        {
            var reply = await SendAsync(Shot.Post(Endpoints.Token, form));

            reply.Status.ShouldBe(isMalformed || name == "unknown oversized" ? 400 : 200, name);
        }
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic =")]
    [InlineData("Basic Og==")]
    [InlineData("Basic bWFjaGluZQ==")]
    [InlineData("Basic bWFjaGluZTo=")]
    [InlineData("Basic bWFjaGluZTol")]
    [InlineData("Basic bWFjaGluZTolRkY=")]
    [InlineData("Basic //////////8=")]
    [InlineData("Bearer bWFjaGluZTp4")]
    [InlineData("Negotiate YIIK")]
    public async Task No_strange_header_authenticates_a_client(string header)
    {
        var reply = await SendAsync(Shot.Post(Endpoints.Token, Requests.ClientCredentials.Without("client_id", "client_secret")).With("Authorization", header));

        ShouldRefuse(reply, header);
        reply.Error.ShouldBe("invalid_client");
    }

    [Fact]
    public async Task Two_headers_authenticate_no_client()
    {
        var shot = Shot.Post(Endpoints.Token, Requests.ClientCredentials.Without("client_id", "client_secret"));

        ShouldRefuse(await SendAsync(shot.WithBasic("machine", "machine-development-secret").WithBasic("machine", "machine-development-secret")), "two headers");
    }

    [Fact]
    public async Task A_header_of_any_length_is_refused()
    {
        foreach (var length in new[] { 1_000, 2_047, 2_048, 2_049, 2_050, 2_051, 2_052, 8_000, 20_000 })
        {
            ShouldRefuse(await SendAsync(Shot.Post(Endpoints.Token, Requests.ClientCredentials.Without("client_id", "client_secret")).WithBasic("machine", new string('x', length))), $"{length}");
        }
    }

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("client_credentials,authorization_code")]
    [Trait("Advisory", "CVE-2026-9792")]
    public async Task A_grant_that_is_not_built_does_not_exist(string grantType)
    {
        var reply = await SendAsync(Shot.Post(Endpoints.Token, Requests.ClientCredentials.With("grant_type", grantType).And("username", People.Alice).And("password", "Development-1")));

        reply.Error.ShouldBe("unsupported_grant_type");
    }

    private async Task RefusesEveryMutationAsync(Form valid)
    {
        var before = await Provider.LedgerAsync();
        foreach (var (name, form, _) in Mutations.Of(valid))
        {
            ShouldRefuse(await SendAsync(Shot.Post(Endpoints.Token, form)), name);
        }

        (await Provider.LedgerAsync()).ShouldBe(before);
    }

    private static void ShouldRefuse(Reply reply, string name)
    {
        reply.Status.ShouldBeOneOf([400, 401], name);
        reply.IsJson.ShouldBeTrue(name);
        reply.Error.ShouldBeOneOf(["invalid_request", "invalid_client", "invalid_grant", "invalid_scope", "invalid_target", "unsupported_grant_type", "unauthorized_client"], name);
        (reply.Status == 401).ShouldBe(reply.Error == "invalid_client", name);
        reply["Cache-Control"].ShouldBe("no-store", name);
        reply.Json.GetProperty("error_description").GetString()!.ShouldAllBe(character => character >= ' ' && character <= '~' && character != '"' && character != '\\');
    }

    private async Task<string> CodeAsync() => (await NewVisitor().SignInAsync(Requests.Authorize(Provider))).Redirected("code")!;

    [Theory]
    [InlineData("client_id")]
    [InlineData("grant_type")]
    [InlineData("scope")]
    [InlineData("code")]
    [Trait("Advisory", "CVE-2023-6484")]
    public async Task No_parameter_forges_a_line_of_the_log(string parameter)
    {
        foreach (var end in new[] { "\n", "\r", "\u2028", "\u0085", "\u001b[2J" })
        {
            var request = Requests.Redeem(Provider, "ac_x").With(parameter, $"x{end}2026-01-01T00:00:00Z info: forged 1337");

            (await SendAsync(Shot.Post(Endpoints.Token, request))).Status.ShouldBeOneOf([400, 401], $"{parameter} with {(int)end[0]}");
        }

        Provider.Log.Lines.ShouldNotContain(line => line.Contains("forged 1337", StringComparison.Ordinal));
    }
}
