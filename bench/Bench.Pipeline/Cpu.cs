// The processor time of a process and of everything that its PostgreSQL runs, from /proc. Enters: nothing. Leaves: user
// and system time since each process began, with that of its children that have ended: backends, workers that vacuumed
// or sorted. Always holds: a cluster of somebody else on this machine is not counted, where ours can be told by its
// port.
using System.Diagnostics;
using System.Globalization;

namespace EventSourced.BenchPipeline;

/// <summary>Processor time so far, in microseconds.</summary>
internal readonly record struct Cpu(double Ours, double Postgres, double Anvil)
{
    private const double MicrosecondsPerTick = 10_000;

    // The process that listens on our port: it was started with the port as an argument, and has the others as
    // children.
    private static readonly Lazy<int?> OurCluster = new(FindCluster);

    public static Cpu Now()
    {
        using var self = Process.GetCurrentProcess();
        return new Cpu(
            self.TotalProcessorTime.TotalMicroseconds, Of("postgres", OurCluster.Value), Of("anvil", null));
    }

    public static Cpu operator -(Cpu left, Cpu right) =>
        new(left.Ours - right.Ours, left.Postgres - right.Postgres, left.Anvil - right.Anvil);

    /// <summary>The same for one of many.</summary>
    public Cpu Per(long count) => new(Ours / count, Postgres / count, Anvil / count);

    private static int? FindCluster()
    {
        var address = Environment.GetEnvironmentVariable("ES_DATABASE");
        if (address is null) return null;
        var port = new Npgsql.NpgsqlConnectionStringBuilder(address).Port.ToString(CultureInfo.InvariantCulture);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
                if (words[0].EndsWith("postgres", StringComparison.Ordinal)
                    && words.Any(word => word == port || word == $"-p{port}" || word == $"port={port}"))
                    return process;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
            }
        }

        return null;
    }

    private static double Of(string name, int? parent)
    {
        var total = 0.0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)) continue;
            try
            {
                // pid (name) state ...: user and system time are the 12th and 13th behind the name, those of ended
                // children the two behind them.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (!stat.AsSpan(stat.IndexOf('(') + 1).StartsWith(name)) continue;
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (parent is { } ours && process != ours && int.Parse(fields[1], CultureInfo.InvariantCulture) != ours)
                    continue;
                total += fields[11..15].Sum(
                    ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
            }
        }

        return total;
    }
}
