// Time and CPU of a piece of work: this process's own, and the whole PostgreSQL server's (postmaster, its living
// children, and those that have ended). Read from /proc, so the server must run on this machine.
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace EventSourced.Bench.Store;

/// <summary>What one round cost.</summary>
internal readonly record struct Cost(double Seconds, double ClientMicroseconds, double ServerMicroseconds, long Items)
{
    internal double PerSecond => Items / Seconds;

    internal double Client => ClientMicroseconds / Items;

    internal double Server => ServerMicroseconds / Items;

    internal double Total => Client + Server;
}

internal sealed class Meter
{
    private readonly int _postmaster;

    private Meter(int postmaster) => _postmaster = postmaster;

    internal static async Task<Meter> ForAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select pg_backend_pid()");
        var backend = (int)(await command.ExecuteScalarAsync())!;
        return new Meter((int)Fields(backend)![1]);
    }

    internal async Task<Cost> MeasureAsync(Func<Task<long>> work)
    {
        GC.Collect();
        var server = ServerMicroseconds();
        var client = Process.GetCurrentProcess().TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var items = await work();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var used = Process.GetCurrentProcess().TotalProcessorTime - client;
        return new Cost(seconds, used.TotalMicroseconds, ServerMicroseconds() - server, items);
    }

    private double ServerMicroseconds()
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture,
                out var process) || Fields(process) is not { } fields) continue;
            if (process == _postmaster) ticks += fields[11] + fields[12] + fields[13] + fields[14];
            else if (fields[1] == _postmaster) ticks += fields[11] + fields[12];
        }

        return ticks * 10_000.0;
    }

    // The numeric fields of /proc/PID/stat behind the command's name: 1 is the parent, 11 to 14 are CPU ticks of 10 ms.
    private static long[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Select(
                field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
