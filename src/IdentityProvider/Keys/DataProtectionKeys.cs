using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Npgsql;

namespace IdentityProvider;

/// <summary>The data-protection ring in PostgreSQL, so that every node reads every other's cookies, also after it was moved or rebuilt.</summary>
internal sealed class DataProtectionKeyRepository(NpgsqlDataSource database, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select xml from data_protection_keys order by created_at, id");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read())
        {
            elements.Add(XElement.Parse(reader.GetString(0)));
        }

        return elements;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand("insert into data_protection_keys (id, xml, created_at) values ($1, $2, $3)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = friendlyName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = element.ToString(SaveOptions.DisableFormatting) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.GetUtcNow() });
        command.ExecuteNonQuery();
    }
}

/// <summary>The secret part of a data-protection key as it stands in the stored XML.</summary>
internal static class WrappedXml
{
    public const string Name = "wrapped", Context = "data-protection key";

    public static XElement Of(int version, byte[] wrapped) => new(Name, new XAttribute("kek", version), Convert.ToBase64String(wrapped));

    public static int VersionOf(XElement element) => (int)element.Attribute("kek")!;

    public static byte[] BytesOf(XElement element) => Convert.FromBase64String(element.Value);
}

/// <summary>Wraps the secret part of a data-protection key under the key-encryption key.</summary>
internal sealed class KekXmlEncryptor(KeyEncryptionKey kek) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        try
        {
            return new EncryptedXmlInfo(WrappedXml.Of(kek.Version, kek.Wrap(plain, WrappedXml.Context)), typeof(KekXmlDecryptor));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}

/// <summary>Made by the data-protection system, which knows its name from the stored key.</summary>
internal sealed class KekXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    private readonly KeyEncryptionKeys _keks = services.GetRequiredService<KeyEncryptionKeys>();

    public XElement Decrypt(XElement encryptedElement)
    {
        var plain = _keks.Unwrap(WrappedXml.VersionOf(encryptedElement), WrappedXml.BytesOf(encryptedElement), WrappedXml.Context);
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(plain));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
