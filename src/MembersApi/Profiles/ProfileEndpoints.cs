using System.Security.Claims;
using AccessTokens;

namespace MembersApi;

internal static class ProfileEndpoints
{
    private static readonly ApiError None = new(StatusCodes.Status404NotFound, "PROFILE_NOT_FOUND", "There is no profile yet.");

    public static void MapProfile(this IEndpointRouteBuilder app)
    {
        var profile = app.MapGroup("/api/profile").RequireScope("members").NeedsDatabase();
        profile.MapGet("", GetAsync);
        profile.MapPost("", SaveAsync);
    }

    private static async Task<IResult> GetAsync(ClaimsPrincipal user, ProfileStore profiles, HttpResponse response, CancellationToken cancel) =>
        await profiles.FindAsync(user.Subject, cancel) is { } found ? Answer(found, response) : None;

    private static async Task<IResult> SaveAsync(
        ClaimsPrincipal user, ProfileStore profiles, HttpRequest request, TimeProvider time, CancellationToken cancel)
    {
        var reading = await JsonBody.ReadAsync(request);
        if (reading.Refused)
        {
            return reading.Refusal;
        }

        var form = new ProfileForm(reading.Body, time.GetUtcNow(), FieldProblem.LanguageOf(request));
        return form.Read() is { } profile
            ? Answer(await profiles.SaveAsync(user.Subject, profile, cancel), request.HttpContext.Response)
            : ApiError.InvalidFields(form.Problems);
    }

    private static IResult Answer(StoredProfile profile, HttpResponse response)
    {
        // A person's data stays out of every cache on the way.
        response.Headers.CacheControl = "no-store";
        return Results.Json(profile, ProfileJson.Default.StoredProfile);
    }
}
