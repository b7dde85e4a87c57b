using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Operating;

/// <summary>Which runtime and packages cookies are sealed with.</summary>
public sealed class RuntimeTests
{
    private static readonly Version FirstSound = new(10, 0, 7);

    // 10.0.0 to 10.0.6 checked the MAC wrongly, so that cookies could be forged. Start-up refuses them too.
    [Fact]
    public void CVE_2026_40372_The_shared_runtime_is_sound() =>
        Version.Parse(typeof(DataProtectionOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', '-')[0]).ShouldBeGreaterThanOrEqualTo(FirstSound);

    [Fact]
    public void CVE_2026_40372_No_lock_file_brings_another()
    {
        var files = Directory.GetFiles(Repository.PathOf("."), "packages.lock.json", SearchOption.AllDirectories).Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)).ToArray();
        var packages = files.SelectMany(path => JsonElement.Parse(File.ReadAllText(path)).GetProperty("dependencies").EnumerateObject())
            .SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Name.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.OrdinalIgnoreCase));

        files.Length.ShouldBeGreaterThan(10);
        packages.ShouldAllBe(package => Version.Parse(package.Value.GetProperty("resolved").GetString()!) >= FirstSound);
    }
}
