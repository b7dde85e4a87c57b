namespace AccessTokens.Tests;

public sealed class JudgementCacheTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly JudgementCache _cache = new(3);

    [Fact]
    public void Keeps_as_many_as_it_may_and_lets_go_of_the_one_asked_for_longest_ago()
    {
        Keep("a", "b", "c");
        Has("a").ShouldBeTrue();

        Keep("d");

        Has("b").ShouldBeFalse();
        new[] { "a", "c", "d" }.ShouldAllBe(key => Has(key));
    }

    [Fact]
    public void Keeps_one_judgement_a_token()
    {
        Keep("a", "a", "a", "b", "c");

        new[] { "a", "b", "c" }.ShouldAllBe(key => Has(key));
    }

    [Fact]
    public void Forgets_a_judgement_when_its_time_is_over()
    {
        Keep("a");

        _cache.Find("a", Now.AddSeconds(59)).ShouldNotBeNull();
        _cache.Find("a", Now.AddSeconds(60)).ShouldBeNull();
        Has("a").ShouldBeFalse();
    }

    private void Keep(params string[] keys)
    {
        foreach (var key in keys)
        {
            _cache.Keep(key, Judgement.Refused("inactive", Now.AddSeconds(60)));
        }
    }

    private bool Has(string key) => _cache.Find(key, Now) is not null;
}
