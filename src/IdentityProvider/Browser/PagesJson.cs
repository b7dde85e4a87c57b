using System.Text.Json.Serialization;

namespace IdentityProvider;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(InteractionState))]
[JsonSerializable(typeof(SentCode))]
[JsonSerializable(typeof(ShownError))]
[JsonSerializable(typeof(string[][]))]
[JsonSerializable(typeof(Guid[]))]
internal sealed partial class PagesJson : JsonSerializerContext;
