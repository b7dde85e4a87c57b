namespace Sandbox;

/// <summary>Where the client <c>web</c> is told of logouts (Back-Channel Logout 1.0 §2.5, Front-Channel Logout 1.0 §3). It shows what came and signs nobody out.</summary>
public static class LogoutEndpoint
{
    public static async Task<IResult> BackchannelAsync(HttpContext context, ToldLogouts told)
    {
        var token = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["logout_token"].ToString() : null;
        if (ToldLogouts.ClaimsOf(token) is not { } claims)
        {
            return Results.BadRequest();
        }

        told.Add("back channel", claims);
        return Results.Ok();
    }

    public static IResult Frontchannel(string? iss, string? sid, ToldLogouts told)
    {
        told.Add("front channel", $"iss={iss} sid={sid}");
        return Results.Text("The client web was told.\n");
    }
}
