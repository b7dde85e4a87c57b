using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>Registers the sign-in pages.</summary>
public static class PagesRegistration
{
    /// <summary>
    /// Adds pages, browser sessions and interactions. The host registers beside it: <c>NpgsqlDataSource</c>, <see cref="OidcOptions"/>,
    /// <see cref="IConfigurationSource"/>, <see cref="TimeProvider"/>, data protection, and the rooms Oidc and Accounts.
    /// </summary>
    public static IServiceCollection AddSignInPages(this IServiceCollection services)
    {
        services.AddRazorPages(AddRoutes).ConfigureApplicationPartManager(AddParts);
        services.AddAntiforgery();
        // Chinese as Chinese, not as numbers; what has a meaning in HTML is encoded all the same.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, AntiforgeryByIssuer>();
        return services
            .AddSingleton<BrowserCookies>()
            .AddSingleton<BrowserId>()
            .AddSingleton<Seal>()
            .AddSingleton<SessionStore>()
            .AddSingleton<SessionEnding>()
            .AddSingleton<ISessionStore>(provider => provider.GetRequiredService<SessionEnding>())
            .AddSingleton<SessionList>()
            .AddSingleton<InteractionStore>()
            .AddSingleton<ConsentStore>()
            .AddSingleton<Interactions>()
            .AddSingleton<InteractionTurns>()
            .AddSingleton<KnownDevices>()
            .AddSingleton<LatestCode>()
            .AddSingleton<BrowserSessions>()
            .AddSingleton<IBrowserInteraction, BrowserInteraction>()
            .AddSingleton<PageDoor>()
            .AddSingleton<CodeDesk>()
            .AddSingleton<Admission>()
            .AddSingleton<ClientLogos>()
            .AddSingleton<PageGuard>();
    }

    /// <summary>Answers pages and their assets. Stands behind routing and behind the engine's own routes.</summary>
    public static void UseSignInPages(this WebApplication app)
    {
        var guard = app.Services.GetRequiredService<PageGuard>();
        app.Use(next => context => guard.HandleAsync(context, context.Request.Path.StartsWithSegments("/assets") ? Assets.ServeAsync : next));
        app.MapGet(ClientLogos.Path, app.Services.GetRequiredService<ClientLogos>().ServeAsync);
        app.MapRazorPages();
    }

    private static void AddRoutes(RazorPagesOptions options)
    {
        // The seed's older name of the page.
        options.Conventions.AddPageRoute("/EmailVerification", "/log-in/verify");
        // FlowPage judges the token, so that an expired form is answered with its page.
        options.Conventions.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute());
    }

    // A test that starts the host in its own process is the application there; the pages are found all the same.
    private static void AddParts(ApplicationPartManager manager)
    {
        var assembly = typeof(PagesRegistration).Assembly;
        if (manager.ApplicationParts.OfType<AssemblyPart>().Any(part => part.Assembly == assembly))
        {
            return;
        }

        foreach (var part in ApplicationPartFactory.GetApplicationPartFactory(assembly).GetApplicationParts(assembly))
        {
            manager.ApplicationParts.Add(part);
        }
    }

    private sealed class AntiforgeryByIssuer(BrowserCookies cookies) : IConfigureOptions<AntiforgeryOptions>
    {
        public void Configure(AntiforgeryOptions options)
        {
            options.FormFieldName = "form";
            options.HeaderName = null;
            options.Cookie.Name = cookies.NameOf(BrowserCookies.Antiforgery);
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = cookies.Secure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            // Strict would lose it on the way in from a relying party, and with it the form in the other tab.
            options.Cookie.SameSite = SameSiteMode.Lax;
            // PageHeaders forbids framing altogether.
            options.SuppressXFrameOptionsHeader = true;
        }
    }
}
