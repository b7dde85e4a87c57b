using Accounts;

namespace IdentityProvider;

/// <summary>Making accounts: the seeds' <c>signup</c>, and <c>send-code</c> with <c>register</c>.</summary>
public sealed class SignUpCalls(ApiCodes codes, NewPasswords passwords, ApiAccounts accounts, RegistrationTokens registrations)
{
    /// <summary>With a registration token the account is made; with an address and a password a code is sent that will make it.</summary>
    internal async Task<IResult> SignUpAsync(HttpContext context, RequestFields fields)
    {
        return fields.Has("registrationToken") ? await RedeemAsync(context, fields) : await BeginAsync(context, fields);
    }

    internal async Task<IResult> SendCodeAsync(HttpContext context, RequestFields fields)
    {
        var (email, type) = (fields.Email("email"), fields.OneOf("type", CodeUse.Register.Use, CodeUse.Reset.Use));
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        var (sent, refusal) = await codes.SendAsync(context, email, CodeUse.Of(type));
        if (sent is null)
        {
            return refusal!;
        }

        codes.Remember(context, sent);
        return codes.Answer(sent);
    }

    internal async Task<IResult> RegisterAsync(HttpContext context, RequestFields fields)
    {
        var (email, code, password, name) = (fields.Email("email"), fields.Code(), fields.RequiredPassword("password"), fields.PersonName());
        var challenge = fields.Text("challengeId") ?? codes.Remembered(context) ?? fields.Required("challengeId");
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        if (NewPasswords.Check(password, email) is { } weak)
        {
            return weak;
        }

        var typed = new TypedCode(challenge, email, CodeUse.Register, code);
        var (hash, unfit) = await passwords.HashForAsync(codes, context, typed, password);
        if (unfit is not null)
        {
            return unfit;
        }

        var (proven, refusal) = await codes.JudgeAsync(context, typed);
        if (proven is null || hash is null)
        {
            return refusal ?? ApiErrors.ChallengeInvalid;
        }

        codes.Forget(context);
        return await accounts.CreateAsync(context, proven.Address, hash, name, StatusCodes.Status201Created);
    }

    private async Task<IResult> BeginAsync(HttpContext context, RequestFields fields)
    {
        var (email, password) = (fields.Email("email"), fields.RequiredPassword("password"));
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        if (NewPasswords.Check(password, email) is { } weak)
        {
            return weak;
        }

        if (await codes.LimitedAsync(context, email) is { } limited)
        {
            return limited;
        }

        var (hash, unfit) = await passwords.HashAsync(password, email, context.RequestAborted);
        if (hash is null)
        {
            return unfit!;
        }

        var (sent, refusal) = await codes.SendAsync(context, email, CodeUse.SignUpWithPassword, hash);
        return sent is null ? refusal! : codes.Answer(sent);
    }

    private async Task<IResult> RedeemAsync(HttpContext context, RequestFields fields)
    {
        var (token, password, name) = (fields.Required("registrationToken"), fields.Password("password"), fields.PersonName());
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        // Looked at before any work is done for its password, and spent only once there is nothing left to be wrong.
        if (await registrations.FindAsync(token, context.RequestAborted) is not { } address)
        {
            return ApiErrors.ChallengeInvalid;
        }

        string? hash = null;
        if (password is not null)
        {
            if (NewPasswords.Check(password, address) is { } weak)
            {
                return weak;
            }

            (hash, var unfit) = await passwords.HashAsync(password, address, context.RequestAborted);
            if (hash is null)
            {
                return unfit!;
            }
        }

        return await registrations.RedeemAsync(token, CancellationToken.None) is { } proven
            ? await accounts.CreateAsync(context, proven, hash, name, StatusCodes.Status201Created)
            : ApiErrors.ChallengeInvalid;
    }
}
