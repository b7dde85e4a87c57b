// OAuth 2.0 Multiple Response Type Encoding §2.1 and Form Post Response Mode §2: the answer on its way through the browser.
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>Writes authorization responses as a redirect or as a form that posts itself.</summary>
public static class AuthorizeResponseEndpoint
{
    private const string SubmitScript = "document.forms[0].submit()";

    // The one script of the page is named by its hash, so that no other could run (CSP Level 3 §6.7.2).
    private static readonly string ScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(SubmitScript)));

    public static Task WriteAsync(HttpContext context, AuthorizeOutcome.Respond respond)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (respond.Target.ResponseMode == ResponseMode.FormPost)
        {
            return WriteFormAsync(context, respond);
        }

        OAuthEndpoint.SeeOther(context, LocationOf(respond));
        return Task.CompletedTask;
    }

    /// <summary>RFC 6749 §3.1.2: query components the client registered stay; ours follow them.</summary>
    public static string LocationOf(AuthorizeOutcome.Respond respond)
    {
        var location = new StringBuilder(respond.Target.RedirectUri);
        var separator = respond.Target.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in respond.Parameters)
        {
            location.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return location.ToString();
    }

    private static Task WriteFormAsync(HttpContext context, AuthorizeOutcome.Respond respond)
    {
        // Every value is encoded for HTML, the redirect URI too (CVE-2018-8899 was one that was not).
        var html = HtmlEncoder.Default;
        var inputs = new StringBuilder();
        foreach (var (name, value) in respond.Parameters)
        {
            inputs.Append("<input type=\"hidden\" name=\"").Append(html.Encode(name)).Append("\" value=\"").Append(html.Encode(value)).Append("\">");
        }

        var response = context.Response;
        OAuthEndpoint.NeverCache(response);
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = $"default-src 'none'; script-src 'sha256-{ScriptHash}'; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        return response.WriteAsync(
            $"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Continue</title></head><body>
            <form method="post" action="{html.Encode(respond.Target.RedirectUri)}">{inputs}<noscript><p>One more step / 还差一步</p><button>Continue / 继续</button></noscript></form>
            <script>{SubmitScript}</script></body></html>
            """,
            context.RequestAborted);
    }
}
