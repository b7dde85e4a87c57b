using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Oidc;

namespace IdentityProvider.Tests;

public sealed class IssuanceQueueTests : IAsyncLifetime
{
    private static readonly Grant SomeGrant = new()
    {
        Id = new Guid("01900000-0000-7000-8000-000000000001"),
        ClientId = "storefront",
        Subject = "01900000-0000-7000-8000-000000000002",
        SessionId = "01900000000070008000000000000003",
        Scopes = ["openid"],
        AuthenticatedAt = DateTimeOffset.UnixEpoch,
        Acr = "1",
        Amr = [],
    };

    private readonly MigratedDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private static Issuance Some(string clientId = "storefront", IPAddress? address = null) =>
        new(new DateTimeOffset(2030, 1, 1, 8, 0, 0, 123, TimeSpan.FromHours(8)), clientId, "refresh_token", SomeGrant, "openid", null, "request-1") { Address = address };

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData(null, null)]
    public async Task A_row_reads_as_it_was_recorded(string? address, string? stored)
    {
        using var queue = new IssuanceQueue(_database.Source, NullLogger<IssuanceQueue>.Instance);
        queue.Record(Some("clïent \"x\"", address is null ? null : IPAddress.Parse(address)));

        await queue.StopAsync(default);

        (await _database.ScalarAsync<string>("select concat_ws('|', at at time zone 'utc', event, person_id, client_id, host(ip), request_id) from audit"))
            .ShouldBe(string.Join('|', new[] { "2030-01-01 00:00:00.123", "token.issued", SomeGrant.Subject, "clïent \"x\"", stored, "request-1" }.OfType<string>()));
        (await _database.ScalarAsync<bool>($$"""
            select details = '{"grant_type": "refresh_token", "scope": "openid", "grant": "{{SomeGrant.Id}}", "session": "{{SomeGrant.SessionId}}"}' from audit
            """)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_finds_no_room_is_counted_and_the_rest_is_written()
    {
        using var queue = new IssuanceQueue(_database.Source, NullLogger<IssuanceQueue>.Instance);
        var dropped = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref dropped, count));
        listener.Start();

        for (var i = 0; i < IssuanceQueue.Capacity + 7; i++)
        {
            queue.Record(Some());
        }

        dropped.ShouldBe(7);
        await queue.StopAsync(default);
        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(IssuanceQueue.Capacity);
    }

    // Client credentials run at tens of thousands a second; the record must not be what the collector works for.
    [Fact]
    public async Task Recording_allocates_nothing_once_the_queue_has_grown()
    {
        const int Many = 10_000;
        using var queue = new IssuanceQueue(_database.Source, NullLogger<IssuanceQueue>.Instance);
        Fill(queue, Many);
        while (await queue.FlushAsync(default))
        {
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(queue, Many);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        (allocated / Many).ShouldBe(0);
    }

    private static void Fill(IssuanceQueue queue, int many)
    {
        var issuance = Some();
        for (var i = 0; i < many; i++)
        {
            queue.Record(issuance);
        }
    }

    private static void Enable(Instrument instrument, MeterListener listener)
    {
        if (instrument == Instruments.AuditDropped)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
