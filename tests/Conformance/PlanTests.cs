using System.Reflection;
using System.Text.RegularExpressions;

namespace Conformance;

public sealed partial class PlanTests
{
    // How many modules the suite has in each plan, for the response type code.
    private static readonly Dictionary<string, int> ModulesOfPlans = new(StringComparer.Ordinal)
    {
        ["oidcc-basic"] = 38,
        ["oidcc-config"] = 1,
        ["oidcc-formpost-basic"] = 38,
        ["oidcc-rp-initiated-logout"] = 11,
        ["oidcc-backchannel-rp-initiated-logout"] = 2,
        ["oidcc-frontchannel-rp-initiated-logout"] = 2,
    };

    private static readonly Dictionary<string, string[]> Tested = typeof(PlanTests).Assembly.GetTypes()
        .Where(type => type.IsDefined(typeof(PlanAttribute)))
        .ToDictionary(
            type => type.GetCustomAttribute<PlanAttribute>()!.Name,
            type => type.GetMethods().Select(method => method.GetCustomAttribute<ModuleAttribute>()?.Name).OfType<string>().Order(StringComparer.Ordinal).ToArray(),
            StringComparer.Ordinal);

    [Fact]
    public void Every_module_of_every_plan_is_one_test()
    {
        Tested.Keys.ShouldBe(ModulesOfPlans.Keys, ignoreOrder: true);
        foreach (var (plan, modules) in Tested)
        {
            modules.ShouldBeUnique(plan);
            modules.Length.ShouldBe(ModulesOfPlans[plan], plan);
        }
    }

    [Fact]
    public async Task The_documentation_names_each_of_them()
    {
        var documented = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var section in (await File.ReadAllTextAsync(Repository.PathOf("docs/conformance.md"))).Split("\n## "))
        {
            var modules = Row().Matches(section).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal).ToArray();
            foreach (Match plan in Quoted().Matches(section.Split('\n')[0]))
            {
                documented.Add(plan.Groups["name"].Value, modules);
            }
        }

        documented.Keys.ShouldBe(Tested.Keys, ignoreOrder: true);
        foreach (var (plan, modules) in documented)
        {
            modules.ShouldBe(Tested[plan], plan);
        }
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9-]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z-]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
