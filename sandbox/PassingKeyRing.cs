using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Sandbox;

/// <summary>
/// Razor Pages bring a key ring along that nothing here uses: it stays in memory, so that no key file is left in the home folder.
/// </summary>
public sealed class PassingKeyRing : IXmlRepository
{
    private readonly List<XElement> elements = [];

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (elements)
        {
            return [.. elements];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (elements)
        {
            elements.Add(element);
        }
    }
}
