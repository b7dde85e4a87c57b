using Npgsql;

namespace IdentityProvider;

/// <summary>
/// The one clock of all nodes: PostgreSQL's. A code lives for a minute; by a node whose machine is a minute ahead it would be dead when it is made. So each
/// node looks once a minute how far its machine is from PostgreSQL, and reckons that in. A difference of more than <see cref="Most"/> is somebody's
/// mistake, told and left alone.
/// </summary>
public sealed class SharedClock(TimeProvider machine) : TimeProvider
{
    /// <summary>What is made up for.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    // Below this the way to PostgreSQL and back is most of what is measured.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    private long _offset;

    public override long TimestampFrequency => machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>Looks, and reckons in what was found.</summary>
    public async Task AdjustAsync(NpgsqlDataSource database, ILogger log, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = machine.GetUtcNow();
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var after = machine.GetUtcNow();
        var difference = there - (before + ((after - before) / 2));
        if (difference.Duration() > Most)
        {
            log.LogError("This machine's clock and PostgreSQL's differ by {Difference}: set one of them right. Until then this node goes by its own", difference);
            difference = TimeSpan.Zero;
        }
        else if (difference.Duration() < Least)
        {
            difference = TimeSpan.Zero;
        }

        var earlier = Interlocked.Exchange(ref _offset, difference.Ticks);
        if ((difference - TimeSpan.FromTicks(earlier)).Duration() > TimeSpan.FromSeconds(5))
        {
            log.LogWarning("This machine's clock is {Difference} from PostgreSQL's, by which all nodes go", difference);
        }
    }
}

/// <summary>How the host puts it in the place of the machine's clock.</summary>
internal static class SharedClockRegistration
{
    /// <summary>Called last, so that it wraps the clock a test may have put there.</summary>
    public static void ShareClock(this IServiceCollection services)
    {
        var machine = (TimeProvider)services.Last(service => service.ServiceType == typeof(TimeProvider)).ImplementationInstance!;
        services.AddSingleton(new SharedClock(machine));
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SharedClock>());
    }
}
