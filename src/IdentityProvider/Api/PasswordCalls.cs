using AccessTokens;
using Accounts;

namespace IdentityProvider;

/// <summary>Signing in by password, and setting one: <c>login</c>, <c>reset-password</c>, <c>users/me/password</c>.</summary>
public sealed class PasswordCalls(
    PasswordSignIn door, ApiSignIn signIn, ApiCodes codes, NewPasswords passwords, PasswordStore store, ApiCallers callers, PasswordCallContext about)
{
    // How long ago a person may have signed in who sets their first password.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    internal async Task<IResult> LogInAsync(HttpContext context, RequestFields fields)
    {
        var (identifier, password) = (IdentifierOf(fields), fields.RequiredPassword("password"));
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        var (person, refusal) = await JudgeAsync(context, identifier, password);
        return person is { } id ? await signIn.AdmitAsync(context, id, Proof.Password) : refusal!;
    }

    internal async Task<IResult> ResetAsync(HttpContext context, RequestFields fields)
    {
        var (email, code, password) = (fields.Email("email"), fields.Code(), fields.RequiredPassword("newPassword"));
        var challenge = fields.Text("challengeId") ?? codes.Remembered(context) ?? fields.Required("challengeId");
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        if (NewPasswords.Check(password, email) is { } weak)
        {
            return weak;
        }

        var typed = new TypedCode(challenge, email, CodeUse.Reset, code);
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
        return proven.PersonId is { } person && await store.SetAsync(about.NewPassword(context, person, hash, AuditEvents.PasswordReset), exceptSession: null, CancellationToken.None)
            ? NoContent.Answer
            : ApiErrors.InvalidCredentials;
    }

    internal async Task<IResult> ChangeAsync(HttpContext context)
    {
        var (caller, nobody) = await callers.FindAsync(context);
        if (caller is null)
        {
            return nobody!;
        }

        var (fields, unreadable) = await RequestFields.ReadAsync(context);
        if (fields is null)
        {
            return unreadable!;
        }

        var snapshot = caller.Person.Snapshot;
        var identifier = snapshot.Email ?? snapshot.PhoneNumber ?? "";
        var (current, password) = (caller.Person.HasPassword ? fields.RequiredPassword("currentPassword") : "", fields.RequiredPassword("newPassword"));
        if (fields.Refusal is { } invalid)
        {
            return invalid;
        }

        if (NewPasswords.Check(password, identifier) is { } weak)
        {
            return weak;
        }

        if (await AllowAsync(context, caller, identifier, current) is { } refusal)
        {
            return refusal;
        }

        var (hash, unfit) = await passwords.HashAsync(password, identifier, context.RequestAborted);
        if (hash is null)
        {
            return unfit!;
        }

        var changed = about.NewPassword(context, Guid.Parse(snapshot.Subject), hash, AuditEvents.PasswordChanged);
        return await store.SetAsync(changed, caller.Session.Id, CancellationToken.None) ? NoContent.Answer : ApiErrors.InvalidCredentials;
    }

    private async Task<ApiError?> AllowAsync(HttpContext context, Caller caller, string identifier, string current)
    {
        if (!caller.Person.HasPassword)
        {
            return about.Now - caller.Session.AuthenticatedAt > Fresh ? ApiErrors.ReauthenticationRequired : null;
        }

        // The door that every password is judged at: guessing here counts like guessing at sign-in.
        var (person, refusal) = await JudgeAsync(context, identifier, current, neverNamesMissing: true);
        return person is { } id && id.ToString("D") == caller.Person.Snapshot.Subject ? null : refusal ?? ApiErrors.InvalidCredentials;
    }

    private async Task<(Guid? Person, ApiError? Refusal)> JudgeAsync(HttpContext context, string identifier, string password, bool neverNamesMissing = false)
    {
        var attempt = new PasswordAttempt(identifier, password, CodeDesk.IpOf(context), await about.IsKnownAsync(context, identifier));
        return await door.TryAsync(attempt, context.RequestAborted) switch
        {
            PasswordOutcome.SignedIn signedIn => (signedIn.PersonId, null),
            PasswordOutcome.NoPassword when about.TellsMissingPassword && !neverNamesMissing => (null, ApiErrors.PasswordNotSet),
            PasswordOutcome.Locked locked => (null, ApiErrors.AccountLocked(locked.RetryAt - about.Now)),
            PasswordOutcome.Busy busy => (null, ApiError.Unavailable(busy.RetryAfter)),
            _ => (null, ApiErrors.InvalidCredentials),
        };
    }

    // One of three names, so that nobody has to wonder which of two counted.
    private static string IdentifierOf(RequestFields fields)
    {
        string[] given = [.. new[] { "email", "phone", "identifier" }.Where(fields.Has)];
        if (given.Length > 1)
        {
            foreach (var name in given)
            {
                fields.Refuse(name, "must stand alone: one of email, phone, identifier");
            }

            return "";
        }

        return given is [var only] ? only switch
        {
            "email" => fields.Email("email"),
            "phone" => fields.Phone("phone"),
            _ => AsTyped(fields.Required("identifier")),
        }
        : fields.Email("email");
    }

    // What is neither belongs to nobody, and is refused as slowly as the rest.
    private static string AsTyped(string identifier) => EmailAddress.Canonical(identifier) ?? PhoneNumber.Canonical(identifier) ?? identifier;
}

/// <summary>What the password calls must know of time, settings and browser.</summary>
public sealed class PasswordCallContext(ProviderSettings settings, ApiOrigins origins, KnownDevices devices, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The seed orders that a front end hears of an account without a password; strict installations tell nobody.</summary>
    public bool TellsMissingPassword => !settings.StrictEnumeration;

    public async Task<bool> IsKnownAsync(HttpContext context, string identifier) => origins.IsOwn(context) && await devices.IsKnownAsync(context, identifier);

    public NewPassword NewPassword(HttpContext context, Guid person, string hash, string name) =>
        new(person, hash, name) { Ip = context.Connection.RemoteIpAddress, RequestId = context.TraceIdentifier };
}
