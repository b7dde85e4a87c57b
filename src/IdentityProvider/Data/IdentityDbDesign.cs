using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace IdentityProvider;

/// <summary>For <c>dotnet ef migrations add</c> only, which needs the model and never connects.</summary>
public sealed class IdentityDbDesign : IDesignTimeDbContextFactory<IdentityDb>
{
    public IdentityDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<IdentityDb>().UseNpgsql("Host=localhost").Options, TimeProvider.System);
}
