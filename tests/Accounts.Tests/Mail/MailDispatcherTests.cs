using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Accounts.Tests;

public sealed class MailDispatcherTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>, IAsyncLifetime
{
    private readonly Rooms _rooms = new(database);

    // Each test sends its own mails only.
    public Task InitializeAsync() => database.ExecuteAsync("delete from mail_queue");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Hands_a_code_over_and_forgets_its_text()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        var asker = new Asker(database, _rooms);
        var sent = await asker.SentAsync();
        var code = await asker.ReadCodeAsync(sent.Challenge);
        await Rooms.DispatchDueAsync(dispatcher);
        server.Messages.ShouldHaveSingleItem().ShouldContain(code);
        (await StateAsync(sent)).ShouldBe(new MailState.Sent(_rooms.Time.Now));
        (await database.ScalarAsync<long>("select count(*) from mail_queue where payload is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task Is_woken_when_a_code_is_asked_for()
    {
        await using var server = new MailServer();
        using var dispatcher = new MailDispatcher(
            _rooms.Queue, Options.Create(server.Options), _rooms.Time, NullLogger<MailDispatcher>.Instance);
        await dispatcher.StartAsync(CancellationToken.None);
        await new Asker(database, _rooms).SentAsync();
        await UntilAsync(() => !server.Messages.IsEmpty);
        await dispatcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Finds_what_another_node_queued()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        await dispatcher.StartAsync(CancellationToken.None);
        await new Asker(database, _rooms).SentAsync();
        await UntilAsync(() => !server.Messages.IsEmpty);
        await dispatcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Four_nodes_hand_fifty_mails_over_once_each()
    {
        await using var server = new MailServer();
        for (var i = 0; i < 50; i++)
        {
            await new Asker(database, _rooms).SentAsync();
        }

        var nodes = Enumerable.Range(0, 4).Select(_ => _rooms.Dispatcher(server)).ToArray();
        await Task.WhenAll(nodes.Select(node => Task.Run(() => Rooms.DispatchDueAsync(node))));
        server.Messages.Select(MessageId).Distinct().Count().ShouldBe(50);
        server.Messages.Count.ShouldBe(50);
        Array.ForEach(nodes, node => node.Dispose());
    }

    [Fact]
    public async Task Retries_what_is_transient_after_5_20_and_60_seconds_and_then_each_minute()
    {
        await using var server = new MailServer { Replies = { ["RCPT"] = "450 4.7.1 greylisted" } };
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        foreach (var seconds in (int[])[5, 20, 60, 60, 60, 60])
        {
            await Rooms.DispatchDueAsync(dispatcher);
            var due = _rooms.Time.Now.AddSeconds(seconds);
            (await StateAsync(sent)).ShouldBe(new MailState.Delayed(due));
            _rooms.Time.Now = due.AddMilliseconds(-1);
            await Rooms.DispatchDueAsync(dispatcher);
            (await StateAsync(sent)).ShouldBe(new MailState.Delayed(due));
            _rooms.Time.Now = due;
        }
        server.Replies.Clear();
        await Rooms.DispatchDueAsync(dispatcher);
        server.Messages.Count.ShouldBe(1);
        (await StateAsync(sent)).ShouldBe(new MailState.Sent(_rooms.Time.Now));
    }

    [Fact]
    public async Task Gives_up_when_the_code_would_be_expired()
    {
        await using var server = new MailServer { Replies = { ["RCPT"] = "450 4.7.1 greylisted" } };
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        _rooms.Time.Advance(TimeSpan.FromSeconds(297));
        await Rooms.DispatchDueAsync(dispatcher);
        (await StateAsync(sent)).ShouldBeOfType<MailState.Undeliverable>();
        (await database.ScalarAsync<string>("select failure from mail_queue")).ShouldBe("Transient at Recipient: 450 4.7.1");
    }

    [Fact]
    public async Task Sends_nothing_after_expiry()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        _rooms.Time.Now = sent.ExpiresAt;
        await Rooms.DispatchDueAsync(dispatcher);
        server.Heard.ShouldBeEmpty();
        (await StateAsync(sent)).ShouldBeOfType<MailState.Undeliverable>();
    }

    [Fact]
    public async Task Withholds_the_last_line_when_the_code_expires_on_the_way()
    {
        await using var server = new MailServer();
        var sent = await new Asker(database, _rooms).SentAsync();
        var claimed = (await _rooms.Queue.ClaimAsync(CancellationToken.None)).ShouldNotBeNull();
        _rooms.Time.Now = sent.ExpiresAt;
        (await _rooms.Queue.MayHandOverAsync(claimed, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task After_a_break_behind_the_last_line_the_same_mail_goes_once_more_and_never_again()
    {
        await using var server = new MailServer { Replies = { ["."] = "" } };
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        for (var i = 0; i < 6; i++)
        {
            await Rooms.DispatchDueAsync(dispatcher);
            _rooms.Time.Advance(TimeSpan.FromSeconds(30));
        }
        server.Messages.Count.ShouldBe(2);
        server.Messages.Distinct().Count().ShouldBe(1);
        (await StateAsync(sent)).ShouldBeOfType<MailState.Sent>();
    }

    [Fact]
    public async Task A_node_that_dies_before_the_last_line_leaves_the_mail_to_another()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        await new Asker(database, _rooms).SentAsync();
        var dead = (await _rooms.Queue.ClaimAsync(CancellationToken.None)).ShouldNotBeNull();
        await Rooms.DispatchDueAsync(dispatcher);
        server.Messages.ShouldBeEmpty();
        _rooms.Time.Advance(TimeSpan.FromMinutes(2));
        await Rooms.DispatchDueAsync(dispatcher);
        server.Messages.Count.ShouldBe(1);
        // It comes back from a long pause: the lease is not its own any more.
        (await _rooms.Queue.MayHandOverAsync(dead, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Nodes_that_die_after_the_last_line_send_it_twice_at_most()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        for (var i = 0; i < 2; i++)
        {
            var dying = (await _rooms.Queue.ClaimAsync(CancellationToken.None)).ShouldNotBeNull();
            (await _rooms.Queue.MayHandOverAsync(dying, CancellationToken.None)).ShouldBeTrue();
            _rooms.Time.Advance(TimeSpan.FromMinutes(2));
        }
        await Rooms.DispatchDueAsync(dispatcher);
        server.Heard.ShouldBeEmpty();
        (await StateAsync(sent)).ShouldBeOfType<MailState.Sent>();
    }

    [Fact]
    public async Task A_refusal_after_the_last_line_does_not_use_up_the_two()
    {
        await using var server = new MailServer { Replies = { ["."] = "451 4.3.0 later" } };
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        for (var i = 0; i < 4; i++)
        {
            await Rooms.DispatchDueAsync(dispatcher);
            _rooms.Time.Advance(TimeSpan.FromSeconds(60));
        }
        server.Replies.Clear();
        await Rooms.DispatchDueAsync(dispatcher);
        (await StateAsync(sent)).ShouldBeOfType<MailState.Sent>();
        server.Messages.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("550 5.1.1 nobody")]
    [InlineData("552 5.2.2 full")]
    [InlineData("554 5.7.1 spam")]
    [InlineData("503 5.5.1 order")]
    public async Task What_is_permanent_is_not_tried_again(string reply)
    {
        await using var server = new MailServer { Replies = { ["RCPT"] = reply } };
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        await Rooms.DispatchDueAsync(dispatcher);
        (await StateAsync(sent)).ShouldBeOfType<MailState.Undeliverable>();
        server.Heard.Clear();
        _rooms.Time.Advance(TimeSpan.FromSeconds(60));
        await Rooms.DispatchDueAsync(dispatcher);
        server.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stops_and_calls_for_help_when_every_mail_would_fail()
    {
        await using var server = new MailServer { Replies = { ["AUTH"] = "535 5.7.8 bad credentials" } };
        var log = new RecordingLog();
        using var dispatcher = _rooms.Dispatcher(server, log);
        var first = await new Asker(database, _rooms).SentAsync();
        await Rooms.DispatchDueAsync(dispatcher);
        log.Entries.Count(entry => entry.Level == LogLevel.Critical).ShouldBe(1);
        log.Entries.Single(entry => entry.Level == LogLevel.Critical).Text.ShouldContain("Misconfigured at Auth: 535 5.7.8");

        server.Heard.Clear();
        var second = await new Asker(database, _rooms).SentAsync();
        await Rooms.DispatchDueAsync(dispatcher);
        server.Heard.ShouldBeEmpty();
        (await StateAsync(first)).ShouldBe(new MailState.Delayed(_rooms.Time.Now.AddSeconds(30)));

        server.Replies.Clear();
        _rooms.Time.Advance(TimeSpan.FromSeconds(30));
        await Rooms.DispatchDueAsync(dispatcher);
        (await StateAsync(first)).ShouldBeOfType<MailState.Sent>();
        (await StateAsync(second)).ShouldBeOfType<MailState.Sent>();
    }

    [Fact]
    public async Task A_mail_that_was_tampered_with_is_not_sent()
    {
        await using var server = new MailServer();
        using var dispatcher = _rooms.Dispatcher(server);
        var sent = await new Asker(database, _rooms).SentAsync();
        await database.ExecuteAsync("update mail_queue set payload = set_byte(payload, 40, 255 - get_byte(payload, 40))");
        await Rooms.DispatchDueAsync(dispatcher);
        (await StateAsync(sent)).ShouldBeOfType<MailState.Undeliverable>();
        server.Heard.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slow_mailbox_holds_up_no_other_mail()
    {
        var server = new MailServer { Replies = { ["RCPT"] = null } };
        using var dispatcher = _rooms.Dispatcher(server);
        await new Asker(database, _rooms).SentAsync();
        (await dispatcher.StartNextAsync(CancellationToken.None)).ShouldBeTrue();
        await UntilAsync(() => server.Heard.Any(line => line.StartsWith("RCPT", StringComparison.Ordinal)));

        server.Replies.Clear();
        await new Asker(database, _rooms).SentAsync();
        (await dispatcher.StartNextAsync(CancellationToken.None)).ShouldBeTrue();
        await UntilAsync(() => !server.Messages.IsEmpty);
        await server.DisposeAsync();
        await dispatcher.FinishAsync();
    }

    [Fact]
    public async Task Logs_neither_code_nor_address()
    {
        await using var server = new MailServer { Replies = { ["RCPT"] = "550 5.1.1 <somebody@example.com> unknown" } };
        var log = new RecordingLog();
        using var dispatcher = _rooms.Dispatcher(server, log);
        var asker = new Asker(database, _rooms);
        var code = await asker.ReadCodeAsync((await asker.SentAsync()).Challenge);
        await Rooms.DispatchDueAsync(dispatcher);
        var text = string.Join('\n', log.Entries.Select(entry => entry.Text));
        text.ShouldContain("550 5.1.1");
        text.ShouldNotContain(code);
        text.ShouldNotContain(asker.Address);
        text.ShouldNotContain("somebody");
    }

    private Task<MailState> StateAsync(SendOutcome.Sent sent) => _rooms.Queue.StateAsync(sent.Challenge, CancellationToken.None);

    private static string MessageId(string message) => message.Split("Message-ID: ")[1].Split("\r\n")[0];

    private static async Task UntilAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(10);
        }
    }

    private sealed class RecordingLog : ILogger<MailDispatcher>
    {
        private readonly List<(LogLevel Level, string Text)> _entries = [];

        public IReadOnlyList<(LogLevel Level, string Text)> Entries => _entries;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_entries)
            {
                _entries.Add((logLevel, formatter(state, exception)));
            }
        }
    }
}
