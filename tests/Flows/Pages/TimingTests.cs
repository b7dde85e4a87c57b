using System.Diagnostics;
using Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Flows;

/// <summary>How long an answer takes tells nothing either. Needs a quiet machine.</summary>
public sealed class TimingTests(PagedProvider pages) : PageTest(pages)
{
    private const int Each = 200;

    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(10);

    private delegate Task<PageAnswer> Step(PageVisitor visitor, PageAnswer page, string address);

    [Fact]
    [Trait("Category", "Scale")]
    [Trait("Point", "10")]
    public Task Asking_for_a_code_takes_as_long_for_who_has_an_account() =>
        ShouldTakeAsLongAsync((visitor, _) => visitor.BeginAsync(), (visitor, page, address) => visitor.PostAsync(page, ("identifier", address)));

    [Fact]
    [Trait("Category", "Scale")]
    [Trait("Point", "10")]
    public Task A_wrong_password_takes_as_long_for_who_has_an_account() => ShouldTakeAsLongAsync(
        async (visitor, address) => await visitor.OpenAsync((await visitor.AskForCodeAsync(address)).Url.Replace("/email-verification", "/log-in/password")),
        (visitor, page, _) => visitor.PostAsync(page, ("password", "not-the-password")));

    [Fact]
    [Trait("Category", "Scale")]
    [Trait("Point", "10")]
    public Task Choosing_a_password_takes_as_long_for_who_has_an_account() => ShouldTakeAsLongAsync(
        async (visitor, address) =>
        {
            var begun = await visitor.BeginAsync();
            return await visitor.SubmitAsync(await visitor.OpenAsync(begun.Url.Replace("/log-in", "/create-account")), ("identifier", address));
        },
        (visitor, page, _) => visitor.PostAsync(page, ("password", "Walking-slowly-7")));

    private async Task ShouldTakeAsLongAsync(Func<PageVisitor, string, Task<PageAnswer>> prepare, Step step)
    {
        List<double> known = [], unknown = [];
        for (var i = 0; i < 2 * Each; i++)
        {
            var address = Pages.NewAddress();
            var isKnown = i % 2 == 0;
            if (isKnown)
            {
                await CreateAsync(address);
            }

            // Every send and guess of the run counts against one network address.
            Provider.Time.Advance(TimeSpan.FromSeconds(10));
            var visitor = NewVisitor();
            var page = await prepare(visitor, address);
            var started = Stopwatch.GetTimestamp();
            await step(visitor, page, address);
            (isKnown ? known : unknown).Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var (one, other) = (Median(known), Median(unknown));
        Math.Abs(one - other).ShouldBeLessThan(Tolerance.TotalMilliseconds, $"{one:F2} ms with an account, {other:F2} ms without");
        // At 0.05 one run in twenty would fail by chance alone.
        RankTest(known, unknown).ShouldBeGreaterThan(0.001, $"{one:F2} ms with an account, {other:F2} ms without");
    }

    private async Task CreateAsync(string address)
    {
        await using var scope = Provider.Services.CreateAsyncScope();
        var hash = (await scope.ServiceProvider.GetRequiredService<Passwords>().HashAsync("Walking-quickly-8", address, CancellationToken.None)).ShouldBeOfType<HashOutcome.Hashed>().Hash;
        var outcome = await scope.ServiceProvider.GetRequiredService<AccountCreation>().CreateAsync(address, hash, name: null, "en", CancellationToken.None);
        outcome.ShouldBeOfType<CreationOutcome.Created>();
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    // Mann–Whitney U, two-sided, by its normal approximation: how likely two samples of one distribution differ at least so much.
    private static double RankTest(List<double> one, List<double> other)
    {
        var ranked = one.Select(time => (Time: time, IsOne: true)).Concat(other.Select(time => (Time: time, IsOne: false))).OrderBy(item => item.Time).ToArray();
        var rankSum = ranked.Select((item, index) => item.IsOne ? index + 1.0 : 0).Sum();
        double n = one.Count, m = other.Count;
        var u = rankSum - (n * (n + 1) / 2);
        var z = Math.Abs(u - (n * m / 2)) / Math.Sqrt(n * m * (n + m + 1) / 12);
        return Erfc(z / Math.Sqrt(2));
    }

    // Abramowitz and Stegun 7.1.26.
    private static double Erfc(double x)
    {
        var t = 1 / (1 + (0.3275911 * x));
        return t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-x * x);
    }
}
