using System.Collections.Specialized;
using System.Web;

namespace Conformance;

/// <summary>Where a browser ended up: at an address of the suite, called in some way, or at a page of the provider.</summary>
/// <param name="Address">The suite's address; null when the provider kept the person.</param>
/// <param name="Form">What was posted there; null when it was a plain GET.</param>
/// <param name="Pages">The paths of the provider's pages at which the person had to do something on the way.</param>
/// <param name="Last">The last answer of the provider.</param>
public sealed record Arrival(Uri? Address, NameValueCollection? Form, IReadOnlyList<string> Pages, Reply Last)
{
    /// <summary>What the last page loaded in frames before it went on.</summary>
    public IReadOnlyList<Uri> Frames { get; init; } = [];

    public NameValueCollection Query => HttpUtility.ParseQueryString(Address?.Query ?? "");

    public override string ToString() => $"{Address?.ToString() ?? "a page"} after [{string.Join(", ", Pages)}]: {Last}";
}
