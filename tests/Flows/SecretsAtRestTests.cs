using System.Text;
using System.Xml.Linq;
using IdentityProvider;
using Jose;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Oidc;
using ProviderHarness;

namespace Flows;

public sealed class SecretsAtRestTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task A_dump_of_the_database_holds_no_signing_key()
    {
        var dump = await DumpAsync();

        var ring = Provider.Services.GetRequiredService<ISigningKeys>().Current;
        foreach (var key in SigningKeyRing.Algorithms.Select(ring.ActiveFor))
        {
            // Its public half is there, so the search finds what stands in the dump.
            dump.ShouldContain(key.KeyId);
            ShouldNotHold(dump, PrivatePartOf(key));
        }
    }

    [Fact]
    public async Task A_dump_of_the_database_holds_no_data_protection_key()
    {
        var sealedText = Provider.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");
        var dump = await DumpAsync();
        var stored = XElement.Parse(dump[dump.IndexOf("<key ", StringComparison.Ordinal)..(dump.IndexOf("</key>", StringComparison.Ordinal) + "</key>".Length)].Replace("\"\"", "\"", StringComparison.Ordinal));

        var wrapped = Convert.FromBase64String(stored.Descendants("wrapped").Single().Value);
        var secret = Encoding.UTF8.GetString(Provider.Services.GetRequiredService<KeyEncryptionKey>().Unwrap(wrapped, "data-protection key"));

        sealedText.ShouldNotBeEmpty();
        var masterKey = XElement.Parse(secret).Descendants().Single(element => element.Name.LocalName == "value").Value;
        ShouldNotHold(dump, Convert.FromBase64String(masterKey));
    }

    [Fact]
    public async Task A_dump_of_the_database_holds_nothing_a_client_or_browser_could_use()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", "openid offline_access");
        var first = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);

        var dump = await DumpAsync();

        foreach (var secret in new[] { code, first.RefreshToken, second.RefreshToken, second.AccessToken, "web-development-secret", "Development-1" })
        {
            ShouldNotHold(dump, Encoding.UTF8.GetBytes(secret));
        }

        foreach (var handle in new[] { code, first.RefreshToken, second.RefreshToken })
        {
            ShouldNotHold(dump, System.Buffers.Text.Base64Url.DecodeFromChars(handle.AsSpan(3)));
        }
    }

    [Fact]
    public async Task Another_node_opens_what_this_one_sealed()
    {
        await using var second = await Provider.StartSecondNodeAsync();

        var sealedText = Provider.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("text");

        second.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(sealedText).ShouldBe("text");
        (await Provider.CountAsync("select count(*) from data_protection_keys")).ShouldBe(1);
    }

    // The number that makes the key private, in the middle of the PKCS#8 encoding: whatever form it were kept in, these bytes would show.
    private static byte[] PrivatePartOf(SigningKey key)
    {
        var pkcs8 = key.ExportPkcs8();
        return key.Algorithm == Algorithms.ES256 ? pkcs8[36..68] : pkcs8[^200..^100];
    }

    private static void ShouldNotHold(string dump, byte[] secret)
    {
        dump.Contains(Convert.ToHexStringLower(secret), StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
        dump.Contains(Encoding.Latin1.GetString(secret), StringComparison.Ordinal).ShouldBeFalse();
        // Base64 of the secret at each of the three offsets it could have in a longer text.
        for (var offset = 0; offset < 3; offset++)
        {
            var aligned = Convert.ToBase64String(secret.AsSpan(offset, (secret.Length - offset) / 3 * 3));
            dump.Contains(aligned, StringComparison.Ordinal).ShouldBeFalse();
            dump.Contains(aligned.Replace('+', '-').Replace('/', '_'), StringComparison.Ordinal).ShouldBeFalse();
        }
    }

    private async Task<string> DumpAsync()
    {
        var tables = new List<string>();
        await using (var command = Provider.Sql.CreateCommand("select table_name from information_schema.tables where table_schema = 'public'"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }

        var dump = new StringBuilder();
        foreach (var table in tables)
        {
            await using var command = Provider.Sql.CreateCommand($"select t::text from \"{table}\" t");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                dump.AppendLine(reader.GetString(0));
            }
        }
        return dump.ToString();
    }
}
