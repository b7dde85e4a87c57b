using System.Net;
using System.Security.Cryptography;
using Harness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Accounts.Tests;

/// <summary>The parts of this room put together as the host does, on a clock that stands still.</summary>
internal sealed class Rooms
{
    private static readonly Passwords SharedPasswords = new(new HashingQueue(cores: 2, places: 1000));

    private readonly AccountsDatabase _database;

    public Rooms(AccountsDatabase database, ManualTime? time = null, OneTimeCodeOptions? codes = null)
    {
        Time = time ?? new ManualTime();
        var smtp = Options.Create(new SmtpOptions { From = "Identity <no-reply@example.com>" });
        Queue = new MailQueue(database.Source, Keys, Time);
        var mail = new CodeMail(Options.Create(new MailSite()), smtp);
        Codes = new OneTimeCodes(database.Source, Keys, Options.Create(codes ?? new()), mail, Queue, Time);
        Audit = new Audit(database.Source, Time);
        _database = database;
        SignIn = SignInWith(SharedPasswords);
    }

    /// <summary>A dispatcher of another node, if need be: everything it knows is in the database.</summary>
    public MailDispatcher Dispatcher(MailServer server, ILogger<MailDispatcher>? log = null) =>
        new(new MailQueue(_database.Source, Keys, Time), Options.Create(server.Options), Time, log ?? NullLogger<MailDispatcher>.Instance);

    /// <summary>Hands over whatever is due now, and comes back when that is done.</summary>
    public static async Task DispatchDueAsync(MailDispatcher dispatcher)
    {
        while (await dispatcher.StartNextAsync(CancellationToken.None))
        {
        }
        await dispatcher.FinishAsync();
    }

    public static AccountsKeys Keys { get; } = new(RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32), Version: 1);

    public ManualTime Time { get; }

    public MailQueue Queue { get; }

    public OneTimeCodes Codes { get; }

    public Audit Audit { get; }

    public PasswordSignIn SignIn { get; }

    public static Passwords Passwords => SharedPasswords;

    public PasswordSignIn SignInWith(Passwords passwords) =>
        new(_database.Source, passwords, Audit, Options.Create(new LockoutLimits()), Time, NullLogger<PasswordSignIn>.Instance);

    /// <summary>An address nobody else in the class uses.</summary>
    public static string NewAddress() => $"{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.com";

    /// <summary>A client address nobody else in the class uses.</summary>
    public static IPAddress NewIp() => new([10, .. RandomNumberGenerator.GetBytes(3)]);
}
