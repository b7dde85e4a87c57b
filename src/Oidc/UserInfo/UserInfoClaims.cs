// OpenID Connect Core §5.3.2 and §5.4: which claims the userinfo answer carries.
using System.Text.Json;

namespace Oidc;

/// <summary>Writes the userinfo answer: the claims of the granted scopes and those asked for one by one, as far as the person has them.</summary>
public static class UserInfoClaims
{
    /// <param name="requested">Asked for one by one (Core §5.5), beyond what the scopes open.</param>
    public static void Write(Utf8JsonWriter writer, SubjectSnapshot person, IReadOnlyCollection<string> scopes, IReadOnlyCollection<string> requested)
    {
        writer.WriteStartObject();
        writer.WriteString("sub"u8, person.Subject);
        foreach (var group in StandardClaims.Groups)
        {
            var isOpen = scopes.Contains(group.Scope);
            if (!isOpen && requested.Count == 0)
            {
                continue;
            }

            foreach (var claim in group.Claims)
            {
                if (isOpen || requested.Contains(claim))
                {
                    StandardClaims.Write(writer, person, claim);
                }
            }
        }

        writer.WriteEndObject();
    }
}
