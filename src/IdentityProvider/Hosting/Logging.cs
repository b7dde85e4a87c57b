using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace IdentityProvider;

/// <summary>What is logged unless settings say otherwise, and what is never logged whatever they say.</summary>
internal static class Logging
{
    // These repeat request lines, query strings, form fields or handler arguments, in which codes, hints and passwords travel.
    private static readonly string[] TooTalkative =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.HttpLogging",
        "Microsoft.AspNetCore.Mvc",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.EntityFrameworkCore",
        "Npgsql",
    ];

    public static void ConfigureLogging(this WebApplicationBuilder builder, ProviderSettings settings)
    {
        // In front of every other source, so that any of them can say otherwise.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                // Its lines are silenced below; at this level it does not make a scope and an activity for each request to go with them.
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
            },
        });
        builder.Services.PostConfigure<LoggerFilterOptions>(Quieten);
        if (settings.Development)
        {
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
        else
        {
            // One JSON object a line; the request id stands among the scopes.
            builder.Logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
    }

    // Settings choose a rule by its category and provider, the most specific winning; so the limit goes into every rule there is.
    private static void Quieten(LoggerFilterOptions options)
    {
        LoggerFilterRule[] rules = [new(null, null, null, null), .. options.Rules];
        options.Rules.Clear();
        foreach (var rule in rules)
        {
            options.Rules.Add(new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                (level >= LogLevel.Warning || !IsTooTalkative(category)) && (rule.Filter is null || rule.Filter(provider, category, level))));
        }
    }

    private static bool IsTooTalkative(string? category) => category is not null && TooTalkative.Any(talkative => category.StartsWith(talkative, StringComparison.Ordinal));
}
