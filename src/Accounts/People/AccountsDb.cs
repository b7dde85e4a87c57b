using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace Accounts;

/// <summary>
/// The tables ASP.NET Core Identity owns. The host derives its context from this one and owns the migrations; the first of them also
/// executes <see cref="AccountsSchema.Version1"/>.
/// </summary>
public abstract class AccountsDb(DbContextOptions options, TimeProvider time) : IdentityDbContext<Person, Role, Guid>(options)
{
    // Identity takes the version of its schema from the application's services, and 1 where there are none: in the migrations tool, at
    // start before the host is built, in tests. Version 3 has the passkey table, so that passkeys need no reshaping later.
    private static readonly ServiceProvider SchemaVersion3 = new ServiceCollection()
        .Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3).BuildServiceProvider();

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        StampChanges();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        StampChanges();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
    {
        if (optionsBuilder.Options.FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider is null)
        {
            optionsBuilder.UseApplicationServiceProvider(SchemaVersion3);
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Conventions.Add(_ => new SnakeCaseNames());
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Person>(MapPerson);
        builder.Entity<Role>().ToTable("roles");
        builder.Entity<IdentityRoleClaim<Guid>>().ToTable("role_claims");
        MapOwned<IdentityUserRole<Guid>>(builder, "person_roles");
        MapOwned<IdentityUserClaim<Guid>>(builder, "person_claims");
        MapOwned<IdentityUserLogin<Guid>>(builder, "person_logins");
        MapOwned<IdentityUserToken<Guid>>(builder, "person_tokens");
        MapOwned<IdentityUserPasskey<Guid>>(builder, "person_passkeys");
    }

    private static void MapPerson(EntityTypeBuilder<Person> person)
    {
        person.ToTable("people");
        person.HasIndex(p => p.NormalizedEmail).IsUnique();
        person.HasIndex(p => p.PhoneNumber).IsUnique();
        person.Property(p => p.Name).HasMaxLength(256);
        person.Property(p => p.AvatarUrl).HasMaxLength(2048);
        person.Property(p => p.PhoneNumber).HasMaxLength(16);
        person.Property(p => p.Locale).HasMaxLength(35);
        person.Property(p => p.Origin).HasMaxLength(32);
        person.Property(p => p.Claims).HasColumnType("jsonb");
        person.Property(p => p.BindStatus).HasConversion(status => status == BindStatus.Bound ? "bound" : "unbound",
            text => text == "bound" ? BindStatus.Bound : BindStatus.Unbound).HasMaxLength(16);
        // The verification times say it; guesses and locks live in guess_counters.
        person.Ignore(p => p.EmailConfirmed).Ignore(p => p.PhoneNumberConfirmed);
        person.Ignore(p => p.AccessFailedCount).Ignore(p => p.LockoutEnabled).Ignore(p => p.LockoutEnd);
    }

    private static void MapOwned<T>(ModelBuilder builder, string table) where T : class =>
        builder.Entity<T>().ToTable(table).Property<Guid>("UserId").HasColumnName("person_id");

    private void StampChanges()
    {
        foreach (var entry in ChangeTracker.Entries<Person>())
        {
            if (entry.State == EntityState.Modified)
            {
                entry.Entity.UpdatedAt = time.GetUtcNow();
            }
        }
    }
}
