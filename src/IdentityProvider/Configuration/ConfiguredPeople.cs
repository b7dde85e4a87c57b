using System.Security.Cryptography;
using System.Text.Json;
using Accounts;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider;

/// <summary>Makes the people a configuration file names and the first administrator, when they are missing. Nobody who exists is touched.</summary>
internal sealed class ConfiguredPeople(NpgsqlDataSource database, IServiceScopeFactory scopes, ProviderSettings settings, TimeProvider time, ILogger<ConfiguredPeople> log)
{
    public const string AdministratorRole = "admin";

    private const string KnownSql = "select normalized_email from people where normalized_email = any($1)";

    public async Task CreateMissingAsync(ConfigurationFile file, CancellationToken cancellation)
    {
        if (file.People.Count == 0 || (await KnownAsync(file.People.Select(person => person.Email), cancellation)).Count == file.People.Count)
        {
            return;
        }

        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.Configuration, cancellation);
        var known = await KnownAsync(file.People.Select(person => person.Email), cancellation);
        foreach (var person in file.People.Where(person => !known.Contains(person.Email)))
        {
            await CreateAsync(person, file.Origin);
            log.LogInformation("Configuration: create person {Email}", person.Email);
        }
    }

    /// <summary>The first administrator, with the password in the file, which is drawn when there is no file.</summary>
    public async Task CreateAdministratorAsync(CancellationToken cancellation)
    {
        if (settings.AdminPasswordFile is not { } path || EmailAddress.Canonical(settings.AdminEmail) is not { } email
            || (await KnownAsync([email], cancellation)).Count > 0)
        {
            return;
        }

        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.Configuration, cancellation);
        if ((await KnownAsync([email], cancellation)).Count > 0)
        {
            return;
        }

        var origin = settings.Development ? ConfigurationFile.Development : null;
        await CreateAsync(new ConfiguredPerson(email) { Name = "Administrator", Password = ReadOrDraw(path), Roles = [AdministratorRole] }, origin);
        log.LogInformation("Administrator {Email} made; the password is in {Path}", email, path);
    }

    private async Task<HashSet<string>> KnownAsync(IEnumerable<string> emails, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(KnownSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. emails], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            known.Add(reader.GetString(0));
        }

        return known;
    }

    private async Task CreateAsync(ConfiguredPerson wanted, string? origin)
    {
        await using var scope = scopes.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var now = time.GetUtcNow();
        var person = new Person(now)
        {
            Email = wanted.Email,
            EmailVerifiedAt = now,
            PhoneNumber = wanted.Phone,
            PhoneVerifiedAt = wanted.Phone is null ? null : now,
            Name = wanted.Name,
            AvatarUrl = wanted.Picture,
            Locale = wanted.Locale,
            Claims = wanted.Claims is { } claims ? JsonElement.Parse(claims.ToJsonString()) : null,
            DisabledAt = wanted.Disabled ? now : null,
            Origin = origin,
        };
        foreach (var role in wanted.Roles)
        {
            await EnsureRoleAsync(scope.ServiceProvider.GetRequiredService<RoleManager<Role>>(), role, now);
        }

        Require(wanted.Password is { } password ? await people.CreateAsync(person, password) : await people.CreateAsync(person), wanted.Email);
        Require(await people.AddToRolesAsync(person, wanted.Roles), wanted.Email);
    }

    private static async Task EnsureRoleAsync(RoleManager<Role> roles, string name, DateTimeOffset now)
    {
        if (!await roles.RoleExistsAsync(name))
        {
            Require(await roles.CreateAsync(new Role(name, now)), name);
        }
    }

    private static void Require(IdentityResult result, string name)
    {
        if (!result.Succeeded)
        {
            throw new StartRefusedException($"{name} cannot be made: {string.Join(" ", result.Errors.Select(error => error.Description))}");
        }
    }

    private static string ReadOrDraw(string path)
    {
        if (File.Exists(path))
        {
            return File.ReadAllText(path).Trim();
        }

        var drawn = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        using var writer = new StreamWriter(file);
        writer.WriteLine(drawn);
        return drawn;
    }
}
