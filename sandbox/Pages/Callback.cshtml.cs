using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;

namespace Sandbox;

/// <summary>
/// The redirect URI of the client <c>web</c>: shows the authorization response that arrived, by <c>query</c> or by <c>form_post</c>.
/// </summary>
// A form_post response comes from the provider's origin (OAuth 2.0 Form Post Response Mode §2), and changes nothing here.
[IgnoreAntiforgeryToken]
public sealed class CallbackModel : PageModel
{
    /// <summary>Every parameter in the order it came; a doubled one stands twice.</summary>
    public IReadOnlyList<(string Name, string Value, string Place)> Parameters { get; private set; } = [];

    public bool IsError => Parameters.Any(parameter => parameter.Name == "error");

    public void OnGet() => Parameters = [.. Read(Request.Query, "query")];

    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        OnGet();
        if (Request.HasFormContentType)
        {
            Parameters = [.. Parameters, .. Read(await Request.ReadFormAsync(cancellationToken), "form")];
        }
    }

    private static IEnumerable<(string, string, string)> Read(IEnumerable<KeyValuePair<string, StringValues>> arrived, string place) =>
        from parameter in arrived
        from value in parameter.Value
        select (parameter.Key, value ?? "", place);
}
