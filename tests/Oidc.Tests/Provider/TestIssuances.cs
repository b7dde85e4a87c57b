using System.Collections.Concurrent;

namespace Oidc.Tests;

/// <summary>Keeps what was put on record.</summary>
public sealed class TestIssuances : IIssuanceAudit
{
    private readonly ConcurrentQueue<Issuance> _recorded = new();

    public IReadOnlyCollection<Issuance> Recorded => _recorded;

    public void Record(in Issuance issuance) => _recorded.Enqueue(issuance);
}
