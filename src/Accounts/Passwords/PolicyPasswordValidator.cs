using Microsoft.AspNetCore.Identity;

namespace Accounts;

/// <summary>Holds <see cref="PasswordPolicy"/> where Identity itself sets a password, in place of its rules of composition.</summary>
internal sealed class PolicyPasswordValidator : IPasswordValidator<Person>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Person> manager, Person user, string? password)
    {
        var verdict = PasswordPolicy.Check(password ?? "", user.Email);
        var error = new IdentityError { Code = verdict.ToString(), Description = $"The password was refused: {verdict}." };
        return Task.FromResult(verdict == PasswordVerdict.Good ? IdentityResult.Success : IdentityResult.Failed(error));
    }
}
