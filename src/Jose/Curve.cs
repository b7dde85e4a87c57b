using System.Security.Cryptography;

namespace Jose;

/// <summary>A curve of RFC 7518 §6.2.1.1 with the length of its coordinates, which §6.2.1.2 wants written in full.</summary>
internal sealed class Curve
{
    public static readonly Curve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32);
    public static readonly Curve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48);
    public static readonly Curve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66);

    private Curve(string name, ECCurve parameters, int coordinateLength) =>
        (Name, Parameters, CoordinateLength) = (name, parameters, coordinateLength);

    public string Name { get; }

    public ECCurve Parameters { get; }

    public int CoordinateLength { get; }

    public bool Is(ECCurve other) => other.IsNamed && other.Oid.Value == Parameters.Oid.Value;
}
