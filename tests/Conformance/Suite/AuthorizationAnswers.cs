using System.Collections.Specialized;

namespace Conformance;

/// <summary>What holds for every answer of the authorization endpoint.</summary>
public static class AuthorizationAnswers
{
    // RFC 6749 §4.1.2.1, RFC 9207 §2, Session Management §2.
    private static readonly string[] ErrorParameters = ["error", "error_description", "error_uri", "state", "session_state", "iss"];

    /// <summary>The code of a successful answer to that request.</summary>
    public static string ShouldBringCode(this Arrival arrival, Form request)
    {
        var answer = arrival.ShouldAnswer(request);
        answer["error"].ShouldBeNull(arrival.ToString());
        return answer["code"] ?? throw new InvalidOperationException($"No code but {arrival}");
    }

    /// <summary>The refusal that the request was redirected with.</summary>
    public static void ShouldBeRefused(this Arrival arrival, Form request, params string[] errors)
    {
        var answer = arrival.ShouldAnswer(request);
        answer["error"].ShouldBeOneOf(errors);
        answer.AllKeys.Except(RegisteredQuery(request).AllKeys).ShouldBeSubsetOf(ErrorParameters);
        ErrorTexts.ShouldBeWellFormed(answer["error"], answer["error_description"], answer["error_uri"]);
    }

    /// <summary>The four ways to say that somebody would have to be shown something (OpenID Connect Core §3.1.2.6).</summary>
    public static void ShouldNeedInteraction(this Arrival arrival, Form request)
    {
        arrival.ShouldBeRefused(request, "login_required", "interaction_required", "account_selection_required", "consent_required");
        arrival.Pages.ShouldBeEmpty();
    }

    /// <summary>The provider says to the person, on a page of its own, that the request is wrong, and sends nobody anywhere.</summary>
    public static void ShouldBeErrorPage(this Arrival arrival)
    {
        arrival.Address.ShouldBeNull(arrival.ToString());
        arrival.Last.Status.ShouldBe(HttpStatusCode.BadRequest);
        arrival.Last.MediaType.ShouldBe("text/html");
        arrival.Last.Page.QuerySelector("h1")!.TextContent.ShouldNotBeNullOrWhiteSpace();
        arrival.Last.Body.ShouldContain("invalid_request");
    }

    // State, issuer and the registered query come back as they are, in the place that the response mode names and in no other.
    private static NameValueCollection ShouldAnswer(this Arrival arrival, Form request)
    {
        var registered = new Uri(request["redirect_uri"]);
        arrival.Address.ShouldNotBeNull(arrival.ToString());
        arrival.Address.GetLeftPart(UriPartial.Path).ShouldBe(registered.GetLeftPart(UriPartial.Path));
        arrival.Address.Fragment.ShouldBeEmpty();
        foreach (string name in RegisteredQuery(request))
        {
            arrival.Query[name].ShouldBe(RegisteredQuery(request)[name]);
        }

        var byForm = request.Names.Contains("response_mode") && request["response_mode"] == "form_post";
        (arrival.Form is not null).ShouldBe(byForm);
        if (byForm)
        {
            arrival.Address.ShouldBe(registered);
        }

        var answer = arrival.Form ?? arrival.Query;
        answer.AllKeys.ShouldAllBe(name => answer.GetValues(name)!.Length == 1);
        answer["state"].ShouldBe(request.Names.Contains("state") ? request["state"] : null);

        // RFC 9207 §2: this provider announces it, so it must be there.
        answer["iss"].ShouldBe(TestedProvider.Issuer);
        (answer["code"] is null).ShouldNotBe(answer["error"] is null);
        return answer;
    }

    private static NameValueCollection RegisteredQuery(Form request) => System.Web.HttpUtility.ParseQueryString(new Uri(request["redirect_uri"]).Query);
}
