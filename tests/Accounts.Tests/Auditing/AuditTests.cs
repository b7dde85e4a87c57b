using System.Net;
using Npgsql;

namespace Accounts.Tests;

public sealed class AuditTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    private readonly Rooms _rooms = new(database);

    [Fact]
    public async Task Keeps_of_an_address_hash_and_mask_only()
    {
        var audit = new AuditEvent("test.one") { Address = "alice@example.com", Ip = IPAddress.Loopback, Details = """{"a": 1}""" };
        await _rooms.Audit.WriteAsync(audit, CancellationToken.None);
        var row = await database.ScalarAsync<string>("select audit::text from audit where event = 'test.one'");
        row.ShouldNotBeNull().ShouldNotContain("alice");
        row.ShouldContain("a***@example.com");
        (await database.ScalarAsync<bool>("""
            select address_hash = sha256('alice@example.com') and details->>'a' = '1' and ip = '127.0.0.1'
            from audit where event = 'test.one'
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task Masks_phone_numbers_their_own_way()
    {
        await _rooms.Audit.WriteAsync(new AuditEvent("test.phone") { Address = "+8613800138000" }, CancellationToken.None);
        (await database.ScalarAsync<string>("select address_masked from audit where event = 'test.phone'")).ShouldBe("138****8000");
    }

    [Fact]
    public async Task Shares_the_fate_of_the_transaction()
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await _rooms.Audit.WriteAsync(connection, transaction, new AuditEvent("test.undone"), CancellationToken.None);
            await transaction.RollbackAsync();
        }
        (await database.ScalarAsync<long>("select count(*) from audit where event = 'test.undone'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("update audit set event = 'x'")]
    [InlineData("delete from audit")]
    [InlineData("truncate audit")]
    public async Task Is_append_only(string sql)
    {
        await _rooms.Audit.WriteAsync(new AuditEvent("test.kept"), CancellationToken.None);
        (await Should.ThrowAsync<PostgresException>(database.ExecuteAsync(sql))).MessageText.ShouldBe("audit is append-only");
    }
}
