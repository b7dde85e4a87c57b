using Microsoft.Extensions.Configuration;

namespace AccessTokens;

/// <summary>Setting <c>Secrets:Folder</c>: where containers get their secrets as files.</summary>
public static class SecretsFolder
{
    public const string Setting = "Secrets:Folder";

    /// <summary>Reads a setting from each file of the folder, named as in the environment: <c>ConnectionStrings__Identity</c>. They win over every other source.</summary>
    public static void AddSecretsFolder(this IConfigurationManager configuration)
    {
        if (configuration[Setting] is { Length: > 0 } folder && Directory.Exists(folder))
        {
            configuration.AddKeyPerFile(folder, optional: false);
        }
    }
}
