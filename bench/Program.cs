using System.Globalization;
using Bench;

switch (args)
{
    case ["limit", var port, var database, var connections]:
        await LimitServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), database, int.Parse(connections, CultureInfo.InvariantCulture));
        return 0;
    default:
        return 2;
}
