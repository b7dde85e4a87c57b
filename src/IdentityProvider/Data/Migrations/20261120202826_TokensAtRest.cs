using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider
{
    /// <inheritdoc />
    public partial class TokensAtRest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(HotSchema.Version5);

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Migrations only ever add; see docs/migrations.md.");
    }
}
