using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Npgsql;

namespace Accounts.Tests;

/// <summary>A person at a browser, who asks for codes, reads the mail and types.</summary>
internal sealed partial class Asker(AccountsDatabase database, Rooms rooms)
{
    public string Address { get; init; } = Rooms.NewAddress();

    public IPAddress Ip { get; init; } = Rooms.NewIp();

    public byte[] Browser { get; init; } = RandomNumberGenerator.GetBytes(16);

    public CodePurpose Purpose { get; init; } = CodePurpose.SignIn;

    public bool KnownDevice { get; init; }

    public CodeRequest Request => new(Address, Purpose, Surface.Page, Browser, Ip, "en", KnownDevice);

    public Task<SendOutcome> SendAsync() => rooms.Codes.SendAsync(Request, CancellationToken.None);

    public async Task<SendOutcome.Sent> SentAsync() => (await SendAsync()).ShouldBeOfType<SendOutcome.Sent>();

    public CodeAttempt Attempt(string challenge, string code) => new(challenge, code, Purpose, Surface.Page, Browser, Ip, KnownDevice);

    public Task<VerifyOutcome> TryAsync(string challenge, string code) =>
        rooms.Codes.VerifyAsync(Attempt(challenge, code), CancellationToken.None);

    /// <summary>The code that was mailed for a challenge.</summary>
    public async Task<string> ReadCodeAsync(string challenge)
    {
        await using var command = database.Source.CreateCommand("select message_id, payload from mail_queue where challenge = @challenge");
        command.Parameters.Add(new NpgsqlParameter("challenge", ChallengeHandle.Id(challenge)!));
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        var mail = rooms.Queue.Open(new SealedMail(row.GetString(0), row.GetFieldValue<byte[]>(1), Rooms.Keys.Version)).ShouldNotBeNull();
        mail.Recipient.ShouldBe(Address);
        return SubjectCode().Match(System.Text.Encoding.UTF8.GetString(mail.Message)).Groups["code"].Value;
    }

    /// <summary>Six digits that are not the code.</summary>
    public async Task<string> WrongCodeAsync(string challenge) => await ReadCodeAsync(challenge) == "111111" ? "222222" : "111111";

    /// <summary>Asks for a code as often as it takes and types wrong ones, so many in all.</summary>
    public async Task GuessWrongAsync(int times)
    {
        var challenge = "";
        for (var guess = 0; guess < times; guess++)
        {
            if (guess % 5 == 0)
            {
                rooms.Time.Advance(TimeSpan.FromSeconds(61));
                challenge = (await SentAsync()).Challenge;
            }
            (await TryAsync(challenge, await WrongCodeAsync(challenge))).ShouldBeOfType<VerifyOutcome.Wrong>();
        }
    }

    [GeneratedRegex("^Subject: .*?(?<code>[0-9]{6})\r$", RegexOptions.Multiline)]
    private static partial Regex SubjectCode();
}
