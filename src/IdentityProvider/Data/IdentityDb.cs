using Accounts;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider;

/// <summary>
/// The slow path's view of the database <c>identity</c>: people and configuration. Its migrations hold all DDL, the hot tables as plain SQL.
/// </summary>
public sealed class IdentityDb(DbContextOptions<IdentityDb> options, TimeProvider time) : AccountsDb(options, time)
{
    public DbSet<ClientRow> Clients => Set<ClientRow>();
    public DbSet<ClientSecretRow> ClientSecrets => Set<ClientSecretRow>();
    public DbSet<ResourceRow> Resources => Set<ResourceRow>();
    public DbSet<ResourceSecretRow> ResourceSecrets => Set<ResourceSecretRow>();
    public DbSet<ResourceScopeRow> ResourceScopes => Set<ResourceScopeRow>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<ClientRow>(ClientRow.Map);
        builder.Entity<ClientSecretRow>(ClientSecretRow.Map);
        builder.Entity<ResourceRow>(ResourceRow.Map);
        builder.Entity<ResourceSecretRow>(ResourceSecretRow.Map);
        builder.Entity<ResourceScopeRow>(ResourceScopeRow.Map);
    }
}
