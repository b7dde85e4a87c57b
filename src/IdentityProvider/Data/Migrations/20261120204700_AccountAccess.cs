using Accounts;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace IdentityProvider
{
    /// <inheritdoc />
    public partial class AccountAccess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(AccountsSchema.Version2);

            migrationBuilder.AddColumn<bool>(
                name: "account_access",
                table: "clients",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new System.NotSupportedException("Migrations only ever add; see docs/migrations.md.");
    }
}
