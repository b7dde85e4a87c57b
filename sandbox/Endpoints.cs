using System.Reflection;

namespace Sandbox;

/// <summary>Every route of the sandbox. The pages <c>/mailbox</c>, <c>/callback</c> and <c>/signed-out</c> are in <c>Pages</c>.</summary>
public static class Endpoints
{
    public static void MapSandbox(this WebApplication app)
    {
        app.MapHealthChecks("/health/live");

        app.MapRazorPages();
        app.MapGet("/", () => Results.Redirect("/mailbox"));
        app.MapGet("/mailbox/messages", MailboxEndpoint.Messages);
        app.MapGet("/mailbox/messages/{id}/html", MailboxEndpoint.Html);
        app.MapGet("/mailbox/messages/{id}/raw", MailboxEndpoint.Raw);
        app.MapPost("/backchannel-logout", LogoutEndpoint.BackchannelAsync);
        app.MapGet("/frontchannel-logout", LogoutEndpoint.Frontchannel);
        app.MapGet("/ca.pem", (SandboxCertificates certificates) => Results.Text(certificates.AuthorityPem, "application/x-pem-file"));

        app.MapPost("/control/{service}/script", ControlEndpoint.AddScript);
        app.MapPost("/control/{service}/reset", ControlEndpoint.Reset);
        app.MapGet("/control/{service}/calls", ControlEndpoint.Calls);

        app.MapAsset("sandbox.css", "text/css; charset=utf-8");
        app.MapAsset("mailbox.mjs", "text/javascript; charset=utf-8");
        app.MapAsset("favicon.svg", "image/svg+xml");
    }

    private static void MapAsset(this WebApplication app, string name, string contentType) =>
        app.MapGet($"/assets/{name}", () => Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, contentType));
}
