using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AccessTokens;

/// <summary>
/// The one shape of every refusal of a JSON API: <c>{"error": text, "code": CODE, "requestId": id, "details": {…}}</c>.
/// <c>code</c> is for programs, <c>error</c> for their developers, <c>requestId</c> for whoever searches the logs.
/// </summary>
public sealed record ApiError(int Status, string Code, string Text) : IResult
{
    public const string RequestInvalid = "REQUEST_INVALID";
    public const string RequestTooLarge = "REQUEST_TOO_LARGE";
    public const string Unauthenticated = "AUTH_UNAUTHENTICATED";
    public const string ScopeInsufficient = "AUTH_SCOPE_INSUFFICIENT";
    public const string Forbidden = "AUTH_FORBIDDEN";
    public const string NotFound = "NOT_FOUND";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string ServerError = "SERVER_ERROR";
    public const string ServiceUnavailable = "SERVICE_UNAVAILABLE";

    /// <summary>More that a program can use; an empty object in the answer when null.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>When trying again makes sense (RFC 9110 §10.2.3); rounded up to whole seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// 400 with <c>details.fields</c>: for each member of the body that is refused, a sentence that says what it must be.
    /// </summary>
    public static ApiError InvalidFields(IReadOnlyDictionary<string, string> fields) =>
        new(400, RequestInvalid, "Some fields are not valid.")
    {
        Details = new JsonObject
        {
            ["fields"] = new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)JsonValue.Create(field.Value)))),
        },
    };

    public static ApiError Invalid(string text) => new(400, RequestInvalid, text);

    public static ApiError Unavailable(TimeSpan retryAfter) =>
        new(503, ServiceUnavailable, "The service is not available at the moment.") { RetryAfter = retryAfter };

    /// <summary>What stands for a bare status that no endpoint has explained.</summary>
    public static ApiError ForStatus(int status) => status switch
    {
        401 => new(status, Unauthenticated, "Authentication is required."),
        403 => new(status, Forbidden, "This is not allowed."),
        404 => new(status, NotFound, "There is nothing here."),
        405 => new(status, MethodNotAllowed, "This method is not allowed here."),
        413 => new(status, RequestTooLarge, "The request is too large."),
        415 => new(status, RequestInvalid, "The body must be application/json."),
        503 => Unavailable(TimeSpan.FromSeconds(5)),
        >= 500 => new(status, ServerError, "Something failed here. Please report the request id."),
        _ => new(status, RequestInvalid, "The request is not valid."),
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = new JsonObject
        {
            ["error"] = Text,
            ["code"] = Code,
            ["requestId"] = httpContext.TraceIdentifier,
            ["details"] = Details?.DeepClone() ?? new JsonObject(),
        };
        await response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Web), httpContext.RequestAborted);
    }
}
