using Microsoft.AspNetCore.Identity;

namespace Accounts;

/// <summary>
/// What <see cref="UserManager{TUser}"/> hashes with. Sign-in does not come this way but through <see cref="PasswordSignIn"/>, which holds
/// the budgets; this serves the rarer paths on which Identity itself sets or checks a password.
/// </summary>
public sealed class Argon2PasswordHasher(Passwords passwords) : IPasswordHasher<Person>
{
    public string HashPassword(Person user, string password)
    {
        var hash = "";
        passwords.Run(() => hash = Argon2id.Hash(password));
        return hash;
    }

    public PasswordVerificationResult VerifyHashedPassword(Person user, string hashedPassword, string providedPassword)
    {
        var right = false;
        if (PasswordPolicy.IsText(providedPassword))
        {
            passwords.Run(() => right = Argon2id.Verify(hashedPassword, providedPassword));
        }

        if (!right)
        {
            return PasswordVerificationResult.Failed;
        }

        return Argon2id.IsWeak(hashedPassword) ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Success;
    }
}
