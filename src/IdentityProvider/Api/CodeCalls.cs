using Accounts;

namespace IdentityProvider;

/// <summary>The seed's one-time codes: <c>otp/send</c> and <c>otp/verify</c>.</summary>
public sealed class CodeCalls(ApiCodes codes, NewPasswords passwords, ApiSignIn signIn, ApiAccounts accounts, RegistrationTokens registrations)
{
    private static readonly string[] Purposes = [CodeUse.SignUpWithPassword.Use, CodeUse.SignUpWithCode.Use, CodeUse.SignIn.Use];

    internal async Task<IResult> SendAsync(HttpContext context, RequestFields fields)
    {
        var (email, purpose) = (fields.Email("email"), fields.OneOf("purpose", Purposes));
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        var (sent, refusal) = await codes.SendAsync(context, email, CodeUse.Of(purpose));
        return sent is null ? refusal! : codes.Answer(sent);
    }

    internal async Task<IResult> VerifyAsync(HttpContext context, RequestFields fields)
    {
        var (challenge, email, purpose, code) = (fields.Required("challengeId"), fields.Email("email"), fields.OneOf("purpose", Purposes), fields.Code());
        var password = fields.Password("password");
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        var typed = new TypedCode(challenge, email, CodeUse.Of(purpose), code);
        return typed.Use == CodeUse.SignUpWithPassword ? await SignUpAsync(context, typed, password) : await VerifyAsync(context, typed);
    }

    private async Task<IResult> VerifyAsync(HttpContext context, TypedCode typed)
    {
        var (proven, refusal) = await codes.JudgeAsync(context, typed);
        if (proven is null)
        {
            return refusal!;
        }

        if (typed.Use == CodeUse.SignUpWithCode)
        {
            return await accounts.CreateAsync(context, proven.Address, passwordHash: null, name: null);
        }

        return proven switch
        {
            { PersonId: { } person, Enabled: true } => await signIn.AdmitAsync(context, person, Proof.Code),
            { PersonId: not null } => ApiErrors.InvalidCredentials,
            _ => new ApiAnswer<RegistrationAnswer>(
                new RegistrationAnswer(await registrations.IssueAsync(proven.Address, CancellationToken.None)), ApiJson.Default.RegistrationAnswer),
        };
    }

    // Whatever is wrong with the password is said while the code is still good.
    private async Task<IResult> SignUpAsync(HttpContext context, TypedCode typed, string? password)
    {
        if (password is not null && NewPasswords.Check(password, typed.Email) is { } weak)
        {
            return weak;
        }

        if (await codes.FindOpenAsync(context, typed) is not { } open)
        {
            var (_, reason) = await codes.JudgeAsync(context, typed);
            return reason ?? ApiErrors.ChallengeInvalid;
        }

        var (hash, unfit) = (open.PasswordHash, password) switch
        {
            (null, null) => (null, ApiErrors.Field("password", "is missing")),
            (null, { } chosen) => await passwords.HashAsync(chosen, typed.Email, context.RequestAborted),
            ({ } kept, null) => (kept, null),
            ({ } kept, { } repeated) => await passwords.MatchAsync(kept, repeated, context.RequestAborted),
        };
        if (hash is null)
        {
            return unfit!;
        }

        var (proven, refusal) = await codes.JudgeAsync(context, typed);
        return proven is null ? refusal! : await accounts.CreateAsync(context, proven.Address, hash, name: null);
    }
}
