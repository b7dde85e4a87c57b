using System.Globalization;
using Bench;

switch (args)
{
    case ["limit", var port, var database, var connections]:
        await LimitServer.RunAsync(Number(port), database, Number(connections));
        return 0;
    case ["run", var administrator, var seconds, var rounds]:
        // Read by the socket layer when it starts: the generator is one thread on one core.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        return await CompareAsync(administrator, TimeSpan.FromSeconds(Number(seconds)), Number(rounds));
    default:
        Console.Error.WriteLine("usage: ./bench.sh [quick]");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static async Task<int> CompareAsync(string administrator, TimeSpan stretch, int rounds)
{
    var participants = new List<Participant>();
    try
    {
        participants.Add(await Participants.StartLimitAsync(administrator));
        participants.Add(await Participants.StartOursAsync(administrator));
        participants.Add(await Participants.StartPeerAsync(administrator));
        var idle = participants.ToDictionary(who => who.Name, who => Usage.ResidentMegabytes(who.Server.ProcessId), StringComparer.Ordinal);

        Report.WriteHead(Console.Out);
        var run = new Run(participants, await Run.DatabaseServerAsync(administrator), stretch, rounds);
        var rows = await run.RunAsync(row => Report.WriteRow(Console.Out, row));
        Report.WriteProcesses(Console.Out, participants.Select(who => (who.Name, who.Server.StartUp, idle[who.Name], Usage.ResidentMegabytes(who.Server.ProcessId))));
        return Report.WriteVerdict(Console.Out, rows) ? 0 : 1;
    }
    finally
    {
        foreach (var participant in participants)
        {
            participant.Dispose();
        }
    }
}
