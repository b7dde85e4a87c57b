using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider;

/// <summary>A resource API at rest (RFC 8707).</summary>
public sealed class ResourceRow
{
    /// <summary>What stands in <c>aud</c>.</summary>
    public required string Name { get; set; }

    public required string ManagedBy { get; set; }
    public string? Origin { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    internal static void Map(EntityTypeBuilder<ResourceRow> resource) =>
        resource.ToTable("resources", table => table.HasCheckConstraint("resources_managed_by", "managed_by in ('file', 'console')")).HasKey(row => row.Name);
}

/// <summary>A resource's secret at rest. A rotated one stays, retired, so that the file that once named it cannot bring it back.</summary>
public sealed class ResourceSecretRow
{
    public required string ResourceName { get; set; }

    /// <summary>SHA-256 of the UTF-8 secret.</summary>
    public required byte[] Sha256 { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RetiredAt { get; set; }
    public required string ManagedBy { get; set; }
    public string? Origin { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    internal static void Map(EntityTypeBuilder<ResourceSecretRow> secret)
    {
        secret.ToTable("resource_secrets", table => table.HasCheckConstraint("resource_secrets_managed_by", "managed_by in ('file', 'console')"));
        secret.HasKey(row => new { row.ResourceName, row.Sha256 });
        secret.HasOne<ResourceRow>().WithMany().HasForeignKey(row => row.ResourceName);
    }
}

/// <summary>A scope of a resource. The key makes a scope belong to one resource only, so that <c>aud</c> follows from the scopes.</summary>
public sealed class ResourceScopeRow
{
    public required string Scope { get; set; }
    public required string ResourceName { get; set; }

    internal static void Map(EntityTypeBuilder<ResourceScopeRow> scope)
    {
        scope.ToTable("resource_scopes").HasKey(row => row.Scope);
        scope.HasOne<ResourceRow>().WithMany().HasForeignKey(row => row.ResourceName);
    }
}
