using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>An error as a person sees it: what happened, what to do, a number to tell. Nothing of it was written by who sent the request.</summary>
/// <param name="RequestId">Leads from this page to the log.</param>
public sealed record ErrorScreen(ErrorKind Kind, string RequestId)
{
    /// <summary>The name of what <c>/log-in/error</c> shows again.</summary>
    public const string Parameter = "shown";

    private const string Purpose = "shown error";

    // The most a parameter may hold.
    private const int AddressLimit = 512;

    // A description names the parameter it is about. Only names that are ours are shown: any other is a stranger's text on our page.
    private static readonly FrozenSet<string> OwnParameters = FrozenSet.ToFrozenSet(
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age", "ui_locales", "login_hint", "acr_values",
        "id_token_hint", "code_challenge", "code_challenge_method", "claims", "display", "interaction",
    ]);

    /// <summary>The application, when it has a registered page of its own to go back to.</summary>
    public Client? Client { get; init; }

    /// <summary>The refusal in the protocol's own words; null when they would repeat what a stranger sent.</summary>
    public string? Detail { get; init; }

    /// <summary>The same address may work in a moment.</summary>
    public bool MayRetry { get; init; }

    /// <summary>A refusal of the protocol that cannot be sent to the application.</summary>
    public static ViewResult Refused(HttpContext context, OAuthError error, Client? client)
    {
        if (error.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return error.Status switch
        {
            StatusCodes.Status503ServiceUnavailable => Unavailable(context),
            StatusCodes.Status500InternalServerError => Failed(context),
            var status => Show(context, status, new ErrorScreen(KindOf(error, ErrorKind.Refused), context.TraceIdentifier) { Client = client, Detail = DetailOf(error) }),
        };
    }

    /// <summary>A page or form whose input cannot be read.</summary>
    public static ViewResult BadInput(HttpContext context, OAuthError error) =>
        Show(context, error.Status, new ErrorScreen(KindOf(error, ErrorKind.BadInput), context.TraceIdentifier) { Detail = DetailOf(error) });

    /// <summary>An interaction that is gone, or another browser's (RFC 9110 §15.5.11). Whoever meets it did nothing wrong.</summary>
    public static ViewResult Stale(HttpContext context, Client? client) =>
        Show(context, StatusCodes.Status410Gone, new ErrorScreen(ErrorKind.Stale, context.TraceIdentifier) { Client = client });

    public static ViewResult NotFound(HttpContext context) =>
        Show(context, StatusCodes.Status404NotFound, new ErrorScreen(ErrorKind.NotFound, context.TraceIdentifier));

    public static ViewResult Unavailable(HttpContext context)
    {
        // RFC 9110 §10.2.3
        if (context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return ShowHere(context, StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable, mayRetry: HttpMethods.IsGet(context.Request.Method));
    }

    public static ViewResult Failed(HttpContext context) => ShowHere(context, StatusCodes.Status500InternalServerError, ErrorKind.Failed, mayRetry: false);

    /// <summary>What <c>/log-in/error</c> says: the error it was handed on, in the language and colours chosen since; else that there was one.</summary>
    public static ViewResult Again(HttpContext context, string? shown, Func<string, Client?> findClient)
    {
        var text = context.RequestServices.GetRequiredService<Seal>().Open(Purpose, shown);
        if (text is null || JsonSerializer.Deserialize(text, PagesJson.Default.ShownError) is not { } error)
        {
            return Screens.Of("Error", new ErrorScreen(ErrorKind.Refused, context.TraceIdentifier));
        }

        var screen = new ErrorScreen(error.Kind, error.RequestId) { Client = error.ClientId is null ? null : findClient(error.ClientId), Detail = error.Detail };
        return Show(context, StatusCodes.Status200OK, screen);
    }

    public string Title(Texts texts) => Kind switch
    {
        ErrorKind.BadInput => texts.BadInputTitle,
        ErrorKind.TooLarge => texts.TooLargeTitle,
        ErrorKind.Stale => texts.StaleTitle,
        ErrorKind.NotFound => texts.NotFoundTitle,
        ErrorKind.Unavailable => texts.UnavailableTitle,
        ErrorKind.Failed => texts.FailedTitle,
        _ => texts.ErrorTitle,
    };

    /// <summary>What happened.</summary>
    public IHtmlContent Text(Texts texts) => Kind switch
    {
        ErrorKind.BadInput => Plain(texts.BadInput),
        ErrorKind.TooLarge => Plain(texts.TooLarge),
        ErrorKind.Stale => Client is null ? Plain(texts.Stale) : texts.StaleFrom(Client.Name),
        ErrorKind.NotFound => Plain(texts.NotFound),
        ErrorKind.Unavailable => Plain(texts.Unavailable),
        ErrorKind.Failed => Plain(texts.Failed),
        _ => Client is null ? Plain(texts.RequestRefused) : texts.RequestRefusedFrom(Client.Name),
    };

    // Language and colours are switched at a page of its own, to which the error is handed on sealed: the address that failed is not repeated,
    // and asked for once more it might do something.
    private static ViewResult Show(HttpContext context, int status, ErrorScreen screen)
    {
        var shown = new ShownError(screen.Kind, screen.RequestId, screen.Client?.Id, screen.Detail);
        var handedOn = context.RequestServices.GetRequiredService<Seal>().Close(Purpose, JsonSerializer.Serialize(shown, PagesJson.Default.ShownError));
        if (handedOn.Length <= AddressLimit)
        {
            Look.In(context).SwitchAt(PagePaths.Error, Parameter, handedOn);
        }
        else
        {
            Look.In(context).MaySwitch = false;
        }

        return Screens.Of("Error", screen, status);
    }

    // Without keys or database nothing can be handed on, and the next try may well succeed.
    private static ViewResult ShowHere(HttpContext context, int status, ErrorKind kind, bool mayRetry)
    {
        Look.In(context).MaySwitch = false;
        return Screens.Of("Error", new ErrorScreen(kind, context.TraceIdentifier) { MayRetry = mayRetry }, status);
    }

    private static ErrorKind KindOf(OAuthError error, ErrorKind otherwise) => error.Status == StatusCodes.Status413PayloadTooLarge ? ErrorKind.TooLarge : otherwise;

    private static string? DetailOf(OAuthError error) =>
        error.Description.Split(' ') is ["The", "parameter", var name, ..] && !OwnParameters.Contains(name) ? null : $"{error.Code}: {error.Description}";

    private static HtmlFormattableString Plain(string text) => new("{0}", text);
}

/// <summary>What went wrong, as far as it makes a difference to the person.</summary>
public enum ErrorKind
{
    /// <summary>An application's request cannot be accepted.</summary>
    Refused,
    BadInput,
    TooLarge,
    Stale,
    NotFound,
    Unavailable,
    Failed,
}

/// <summary>An error on its way to <c>/log-in/error</c>, inside a seal.</summary>
internal sealed record ShownError(ErrorKind Kind, string RequestId, string? ClientId, string? Detail);
