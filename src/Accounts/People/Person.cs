using System.Text.Json;
using Microsoft.AspNetCore.Identity;

namespace Accounts;

/// <summary>
/// A person who may sign in. <see cref="IdentityUser{TKey}.Id"/> in its hyphenated form is the <c>sub</c> of every token (OIDC Core §2):
/// a version 7 UUID, never reused. E-mail and phone are kept in their one canonical form (<see cref="EmailAddress"/>,
/// <see cref="PhoneNumber"/>); an address counts as the person's only once its verification time is set.
/// </summary>
public sealed class Person : IdentityUser<Guid>
{
    /// <summary>For Entity Framework; everyone else says when the person was made.</summary>
    private Person()
    {
    }

    public Person(DateTimeOffset createdAt)
    {
        Id = Guid.CreateVersion7(createdAt);
        // Identity wants a unique user name; nobody signs in with it.
        UserName = Subject;
        CreatedAt = createdAt;
        UpdatedAt = createdAt;
    }

    /// <summary>The <c>sub</c> claim.</summary>
    public string Subject => Id.ToString("D");

    public DateTimeOffset? EmailVerifiedAt { get; set; }

    public DateTimeOffset? PhoneVerifiedAt { get; set; }

    /// <summary>Whether <see cref="EmailVerifiedAt"/> is set; proof of an address always comes with its time.</summary>
    public override bool EmailConfirmed
    {
        get => EmailVerifiedAt is not null;
        set => EmailVerifiedAt = Verified(value, EmailVerifiedAt);
    }

    /// <summary>Whether <see cref="PhoneVerifiedAt"/> is set.</summary>
    public override bool PhoneNumberConfirmed
    {
        get => PhoneVerifiedAt is not null;
        set => PhoneVerifiedAt = Verified(value, PhoneVerifiedAt);
    }

    public string? Name { get; set; }

    public string? AvatarUrl { get; set; }

    /// <summary>BCP 47 tag (<c>zh-CN</c>, <c>en</c>): the language of pages and mails, and the <c>locale</c> claim.</summary>
    public string? Locale { get; set; }

    /// <summary>A JSON object of the other standard claims (OIDC Core §5.1), members named as there.</summary>
    public JsonElement? Claims { get; set; }

    public BindStatus BindStatus { get; set; }

    public DateTimeOffset? LastLoginAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Since when the person may not sign in; to them it looks like a wrong password.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public bool Disabled => DisabledAt is not null;

    /// <summary>
    /// <c>development</c> for people that <c>config/development.yaml</c> made, otherwise null. Production refuses the former.
    /// </summary>
    public string? Origin { get; set; }

    private static DateTimeOffset? Verified(bool confirmed, DateTimeOffset? at) =>
        !confirmed ? null : at ?? throw new InvalidOperationException("An address is confirmed by setting when it was verified.");
}

/// <summary>Whether a preset account of the mini-program has been taken over by its person's WeChat and phone.</summary>
public enum BindStatus
{
    Unbound,
    Bound,
}

/// <summary>A role a person may hold; its name appears in the <c>role</c> claim.</summary>
public sealed class Role : IdentityRole<Guid>
{
    private Role()
    {
    }

    public Role(string name, DateTimeOffset createdAt)
    {
        Id = Guid.CreateVersion7(createdAt);
        Name = name;
    }
}
