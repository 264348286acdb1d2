// Processor time of processes and of one PostgreSQL cluster, from /proc. Enters: process ids. Leaves: milliseconds
// since they began; backends that ended are counted by their parent.
using System.Globalization;
using Npgsql;

namespace EventSourced.BenchCommands;

internal sealed class Cpu(int postmaster)
{
    private const double MillisecondsPerTick = 10;

    public static async Task<Cpu> OfClusterAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select pg_backend_pid()");
        return new((int)Fields((int)(await command.ExecuteScalarAsync())!)![1]);
    }

    public static double OfProcess(int process) =>
        Fields(process) is { } fields ? (fields[11] + fields[12]) * MillisecondsPerTick : 0;

    public double OfPostgres()
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)) continue;
            if (Fields(process) is not { } fields) continue;
            if (process == postmaster) ticks += fields[11] + fields[12] + fields[13] + fields[14];
            else if (fields[1] == postmaster) ticks += fields[11] + fields[12];
        }

        return ticks * MillisecondsPerTick;
    }

    // The numbers of /proc/PID/stat behind the name: 1 is the parent, 11 to 14 are ticks: own and of ended children.
    private static long[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Select(
                field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
