using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Oidc.Tests;

/// <summary>What a request got back.</summary>
public sealed record Answer(int Status, IHeaderDictionary Headers, string Body)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The error code of an OAuth error body.</summary>
    public string? Error => Text("error");

    public string? Location => Headers.Location;

    /// <summary>The parameters behind the redirect URI, each once.</summary>
    public Dictionary<string, string> Redirect =>
        QueryHelpers.ParseQuery(new Uri(Location!).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ShouldHaveSingleItem()!);

    public string? Text(string member) => Json.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>RFC 6749 §5.2 in full: status, code, description in its character set, never cached.</summary>
    public void ShouldRefuse(string error, int status = 400)
    {
        Status.ShouldBe(status, Body);
        Error.ShouldBe(error);
        Headers.ContentType.ToString().ShouldBe("application/json");
        Headers.CacheControl.ToString().ShouldBe("no-store");
        Text("error_description")!.ShouldAllBe(character => character >= ' ' && character <= '~' && character != '"' && character != '\\');
        Json.EnumerateObject().Select(member => member.Name).ShouldBe(["error", "error_description"]);
    }
}
