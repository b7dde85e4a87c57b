namespace Bench;

/// <summary>What every connection sends, one request after another, and what it learns from each answer for its next.</summary>
internal abstract class Scenario
{
    /// <summary>How many requests make one unit of the rate: a code flow is two.</summary>
    public virtual int RequestsPerUnit => 1;

    /// <summary>Runs before each measured stretch and outside of it.</summary>
    /// <param name="units">As many as the stretch can be expected to need.</param>
    public virtual Task PrepareAsync(int units) => Task.CompletedTask;

    /// <summary>The next request of a connection; empty when there is nothing left to send.</summary>
    public abstract ReadOnlyMemory<byte> Next(int connection);

    /// <summary>Takes the answer; false when it is not the one that a working server gives.</summary>
    public virtual bool Take(int connection, HttpAnswer answer) => answer.Status == 200;
}

/// <summary>The same request again and again.</summary>
internal sealed class Repeated(byte[] request) : Scenario
{
    public override ReadOnlyMemory<byte> Next(int connection) => request;
}
