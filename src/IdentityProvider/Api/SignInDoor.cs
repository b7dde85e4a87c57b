using Oidc;

namespace IdentityProvider;

/// <summary>
/// Every proof that is to become a session and tokens without a page comes through here, from the JSON API and from custom grants alike: what a person needs
/// beyond that proof is asked in one place. Nothing is made before the issuer's own gate has let the request pass.
/// </summary>
public sealed class SignInDoor(SignInStore store)
{
    /// <param name="seen">Told whom the sign-in was written down for.</param>
    public GrantApproval Approve(SignIn signIn, TokenRequest request, IReadOnlyList<string> scopes, Action<SignedInPerson>? seen = null) => new()
    {
        Scopes = scopes,
        SignInAsync = async (refreshToken, _) =>
        {
            // Not the request's own token: the proof is spent, whether or not somebody still waits for the answer.
            var written = await store.StartAsync(signIn, request, scopes, refreshToken, CancellationToken.None);
            if (written is null)
            {
                return null;
            }

            seen?.Invoke(written);
            return new ApprovedSubject(written.Grant, written.Person.Snapshot, SessionEnded: false);
        },
    };
}
