using AccessTokens;

namespace SmartCs;

public static class Program
{
    public static Task Main(string[] args) => Build(args).RunAsync();

    /// <summary>The composed host, not yet started: what <c>Main</c> runs and what the tests start in their own process.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddResourceApi(audience: "smart-cs");
        builder.Services.AddSmartCsDatabase(builder.Configuration);

        var app = builder.Build();
        app.UseResourceApi();
        app.MapHealth();
        return app;
    }
}
