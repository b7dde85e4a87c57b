using Microsoft.AspNetCore.Identity;

namespace Accounts;

/// <summary>Lets ASP.NET Core Identity compare addresses and names as the rest of this room does.</summary>
internal sealed class AddressNormalizer : ILookupNormalizer
{
    public string? NormalizeEmail(string? email) => email is null ? null : EmailAddress.Canonical(email) ?? CaseFold.Fold(email);

    public string? NormalizeName(string? name) => name is null ? null : CaseFold.Fold(name);
}
