using System.Net;

namespace Harness;

/// <summary>Request parameters in their order. As the default ones stand they are accepted; a test changes one thing.</summary>
public sealed record Form
{
    private readonly (string Name, string Value)[] _pairs;
    private readonly string _raw;

    private Form((string, string)[] pairs, string raw) => (_pairs, _raw) = (pairs, raw);

    public static Form Of(params (string Name, string Value)[] pairs) => new(pairs, "");

    /// <summary>The value of the first parameter of that name.</summary>
    public string this[string name] => _pairs.First(pair => pair.Name == name).Value;

    public IEnumerable<string> Names => _pairs.Select(pair => pair.Name);

    /// <summary>The parameter with another value, or in addition when it was not there.</summary>
    public Form With(string name, string value) =>
        Names.Contains(name)
            ? new Form([.. _pairs.Select(pair => pair.Name == name ? (name, value) : pair)], _raw)
            : And(name, value);

    public Form Without(params string[] names) => new([.. _pairs.Where(pair => !names.Contains(pair.Name))], _raw);

    /// <summary>The parameter once more, whether or not it is there already.</summary>
    public Form And(string name, string value) => new([.. _pairs, (name, value)], _raw);

    /// <summary>Something no encoder would write, appended as it is.</summary>
    public Form AndRaw(string text) => new(_pairs, _raw + "&" + text);

    public Form Reversed() => new([.. _pairs.Reverse()], _raw);

    public override string ToString() => string.Join('&', _pairs.Select(pair => $"{WebUtility.UrlEncode(pair.Name)}={WebUtility.UrlEncode(pair.Value)}")) + _raw;
}
