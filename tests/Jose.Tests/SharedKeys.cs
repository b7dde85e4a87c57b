using System.Collections.Concurrent;

namespace Jose.Tests;

/// <summary>One key an algorithm for the whole run: finding RSA primes is what would make these tests slow.</summary>
internal static class SharedKeys
{
    private static readonly ConcurrentDictionary<string, Lazy<SigningKey>> Keys = new(StringComparer.Ordinal);

    public static SigningKey For(string algorithm) =>
        Keys.GetOrAdd(algorithm, name => new Lazy<SigningKey>(() => SigningKey.Create(name))).Value;
}
