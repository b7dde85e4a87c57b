using Accounts;

namespace IdentityProvider;

/// <summary>Makes the account of an address that was just proven, and signs its owner in.</summary>
public sealed class ApiAccounts(AccountCreation accounts, ApiSignIn signIn)
{
    internal async Task<IResult> CreateAsync(HttpContext context, string provenAddress, string? passwordHash, string? name, int status = StatusCodes.Status200OK)
    {
        var locale = Language.FromAcceptLanguage(context.Request.GetTypedHeaders().AcceptLanguage);

        // Not the request's own token: what proved the address is spent.
        return await accounts.CreateAsync(provenAddress, passwordHash, name, locale, CancellationToken.None) is CreationOutcome.Created created
            ? await signIn.AdmitAsync(context, created.PersonId, Proof.Code, status)
            : ApiErrors.AccountExists;
    }
}
