using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Flows;

/// <summary>How often a call asks PostgreSQL: what every sign-in and every bearer call costs.</summary>
public sealed class ApiRoundTripTests(PagedProvider pages) : ApiTest(pages)
{
    [Fact]
    public async Task A_code_signs_in_with_two_round_trips_and_its_token_is_judged_with_one()
    {
        var email = Pages.NewAddress();
        await ProveAsync(NewProgram(), email, "signup_otp");
        Wait();
        var asked = await AskAsync(NewProgram(), email, "login_otp");
        var body = JsonSerializer.Serialize(new { challengeId = asked.ChallengeId, email, purpose = "login_otp", code = await Pages.CodeAsync(email, 2) });

        var (answer, trips) = await CountAsync(new HttpRequestMessage(HttpMethod.Post, "/api/auth/otp/verify") { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        trips.ShouldBe(2);

        var me = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        me.Headers.Add("Authorization", "Bearer " + answer.Token);
        (answer, trips) = await CountAsync(me);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        trips.ShouldBe(1);
    }

    // Each command and each batch is one activity of the driver; those of this request carry the trace it was sent with.
    private async Task<(ApiReply Answer, int Trips)> CountAsync(HttpRequestMessage request)
    {
        var trace = ActivityTraceId.CreateRandom();
        var seen = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace)
                {
                    seen.Add(activity.DisplayName);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        var answer = await NewProgram().SendAsync(request);
        return (answer, seen.Count);
    }
}
