// RFC 6749 §5 and RFC 9110: what the endpoints share of HTTP, and nothing else in the engine sees it.
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>Reading forms and writing answers, the same way at every endpoint.</summary>
public static class OAuthEndpoint
{
    private const int BodyLimit = 64 * 1_024;
    private const string FormType = "application/x-www-form-urlencoded";

    /// <summary>Reads the query string.</summary>
    public static ParametersOutcome ReadQuery(HttpContext context) =>
        context.Request.QueryString is { HasValue: true, Value: { Length: > 1 } text } ? Parameters.Parse(text.AsSpan(1)) : new ParametersOutcome(Parameters.Empty, null);

    /// <summary>Reads a form body of at most 64 KiB. A larger one is 413 and another media type is refused before a byte is parsed.</summary>
    public static async ValueTask<ParametersOutcome> ReadFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsForm(request.ContentType))
        {
            return new ParametersOutcome(Parameters.Empty, OAuthError.InvalidRequest("The body must be application/x-www-form-urlencoded.") with { MayRedirect = false });
        }

        if (request.ContentLength > BodyLimit)
        {
            return new ParametersOutcome(Parameters.Empty, OAuthError.RequestTooLarge());
        }

        try
        {
            return await ReadBodyAsync(request.BodyReader);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // The client's framing was wrong or it stopped sending: its mistake, with the status the server found for it. For a chunk size of too many
            // digits Kestrel finds none, and trailers that are not ASCII it meets with the second kind.
            return new ParametersOutcome(Parameters.Empty, OAuthError.UnreadableBody((exception as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest));
        }
    }

    /// <summary>RFC 6749 §5.1: tokens and everything about them are never cached.</summary>
    public static void NeverCache(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
    }

    /// <summary>Writes a JSON answer whose length is known, without an intermediate string.</summary>
    public static Task WriteJsonAsync<TState>(HttpContext context, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        var body = JsonBody.Write(state, write);
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body.Span);
        return Task.CompletedTask;
    }

    /// <summary>RFC 6749 §5.2: an error of an endpoint that clients call directly.</summary>
    public static Task WriteErrorAsync(HttpContext context, OAuthError error)
    {
        NeverCache(context.Response);
        if (error.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return WriteJsonAsync(context, error.Status, error, static (writer, refused) =>
        {
            writer.WriteStartObject();
            writer.WriteString("error"u8, refused.Code);
            writer.WriteString("error_description"u8, refused.Description);
            writer.WriteEndObject();
        });
    }

    /// <summary>RFC 9110 §15.5.6: the answer names what would have worked.</summary>
    public static Task WriteMethodNotAllowedAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return WriteErrorAsync(context, OAuthError.MethodNotAllowed());
    }

    /// <summary>RFC 9110 §15.4.4: 303, so that nothing a person typed is ever posted on to the next place (RFC 9700 §4.12).</summary>
    public static void SeeOther(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location;
        context.Response.Headers.CacheControl = "no-store";
    }

    private static bool IsForm(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(FormType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == FormType.Length || contentType[FormType.Length] is ';' or ' ');

    // A connection that is gone ends the reading by itself.
    private static async ValueTask<ParametersOutcome> ReadBodyAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > BodyLimit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new ParametersOutcome(Parameters.Empty, OAuthError.RequestTooLarge());
            }

            if (read.IsCompleted)
            {
                var outcome = ParseBody(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return outcome;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ParametersOutcome ParseBody(ReadOnlySequence<byte> body)
    {
        var length = (int)body.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var characters = ArrayPool<char>.Shared.Rent(length);
        try
        {
            body.CopyTo(bytes);

            // One character a byte; the form decoder refuses everything above 0x7F that is not percent-encoded.
            Encoding.Latin1.GetChars(bytes.AsSpan(0, length), characters);
            return Parameters.Parse(characters.AsSpan(0, length));
        }
        finally
        {
            // The body may hold secrets.
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
            ArrayPool<char>.Shared.Return(characters, clearArray: true);
        }
    }
}
