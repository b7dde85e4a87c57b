using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>An error as a person sees it: what happened, what to do, a number to tell. Nothing of it was written by who sent the request.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Text">What happened.</param>
/// <param name="RequestId">Leads from this page to the log.</param>
public sealed record ErrorScreen(string Title, IHtmlContent Text, string RequestId)
{
    /// <summary>What to do, when the text does not say it.</summary>
    public string? Advice { get; init; }

    /// <summary>The application, when it has a registered page of its own to go back to.</summary>
    public Client? Client { get; init; }

    /// <summary>The refusal in the protocol's own words.</summary>
    public OAuthError? Error { get; init; }

    /// <summary>The same address may work in a moment.</summary>
    public bool MayRetry { get; init; }

    // A description names the parameter it is about. Only names that are ours are shown: any other is a stranger's text on our page.
    private static readonly FrozenSet<string> OwnParameters = FrozenSet.ToFrozenSet(
    [
        "client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "prompt", "max_age", "ui_locales", "login_hint", "acr_values",
        "id_token_hint", "code_challenge", "code_challenge_method", "claims", "display", "interaction",
    ]);

    /// <summary>The technical line; null when it would repeat what a stranger sent.</summary>
    public string? Detail => Error is null || Error.Description.Split(' ') is ["The", "parameter", var name, ..] && !OwnParameters.Contains(name) ? null : $"{Error.Code}: {Error.Description}";

    /// <summary>A refusal of the protocol that cannot be sent to the application.</summary>
    public static ViewResult Refused(HttpContext context, Texts texts, OAuthError error, Client? client)
    {
        if (error.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return error.Status switch
        {
            StatusCodes.Status503ServiceUnavailable => Unavailable(context, texts),
            StatusCodes.Status500InternalServerError => Failed(context, texts),
            StatusCodes.Status413PayloadTooLarge => Show(error.Status, new ErrorScreen(texts.TooLargeTitle, Plain(texts.TooLarge), context.TraceIdentifier) { Error = error }),
            var status => Show(status, new ErrorScreen(texts.ErrorTitle, client is null ? Plain(texts.RequestRefused) : texts.RequestRefusedFrom(client.Name), context.TraceIdentifier)
            {
                Advice = texts.ErrorAdvice,
                Client = client,
                Error = error,
            }),
        };
    }

    /// <summary>A page or form whose input cannot be read.</summary>
    public static ViewResult BadInput(HttpContext context, Texts texts, OAuthError error) =>
        error.Status == StatusCodes.Status413PayloadTooLarge
            ? Refused(context, texts, error, client: null)
            : Show(error.Status, new ErrorScreen(texts.BadInputTitle, Plain(texts.BadInput), context.TraceIdentifier) { Error = error });

    /// <summary>An interaction that is over, or another browser's.</summary>
    public static ViewResult Stale(HttpContext context, Texts texts, Client? client) =>
        Show(StatusCodes.Status400BadRequest, new ErrorScreen(texts.StaleTitle, client is null ? Plain(texts.Stale) : texts.StaleFrom(client.Name), context.TraceIdentifier) { Client = client });

    public static ViewResult Unavailable(HttpContext context, Texts texts)
    {
        // RFC 9110 §10.2.3
        if (context.Response.Headers.RetryAfter.Count == 0)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return Show(StatusCodes.Status503ServiceUnavailable, new ErrorScreen(texts.UnavailableTitle, Plain(texts.Unavailable), context.TraceIdentifier)
        {
            MayRetry = HttpMethods.IsGet(context.Request.Method),
        });
    }

    public static ViewResult Failed(HttpContext context, Texts texts) =>
        Show(StatusCodes.Status500InternalServerError, new ErrorScreen(texts.FailedTitle, Plain(texts.Failed), context.TraceIdentifier));

    public static ViewResult NotFound(HttpContext context, Texts texts) =>
        Show(StatusCodes.Status404NotFound, new ErrorScreen(texts.NotFoundTitle, Plain(texts.NotFound), context.TraceIdentifier));

    /// <summary>What <c>/log-in/error</c> says to whoever opens it by hand.</summary>
    public static ViewResult Bare(HttpContext context, Texts texts) =>
        Show(StatusCodes.Status200OK, new ErrorScreen(texts.ErrorTitle, Plain(texts.RequestRefused), context.TraceIdentifier) { Advice = texts.ErrorAdvice });

    private static ViewResult Show(int status, ErrorScreen screen) => Screens.Of("Error", screen, status);

    private static HtmlFormattableString Plain(string text) => new("{0}", text);
}
