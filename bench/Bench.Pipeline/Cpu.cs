// The processor time of a process and of everything that PostgreSQL runs, from /proc. Enters: nothing. Leaves: seconds
// of user and system time since each process began, with that of its children that have ended: backends, workers that
// vacuumed or sorted.
using System.Diagnostics;
using System.Globalization;

namespace EventSourced.BenchPipeline;

/// <summary>Processor time so far, in microseconds.</summary>
internal readonly record struct Cpu(double Ours, double Postgres, double Anvil)
{
    private const double MicrosecondsPerTick = 10_000;

    public static Cpu Now()
    {
        using var self = Process.GetCurrentProcess();
        return new Cpu(self.TotalProcessorTime.TotalMicroseconds, Of("postgres"), Of("anvil"));
    }

    public static Cpu operator -(Cpu left, Cpu right) =>
        new(left.Ours - right.Ours, left.Postgres - right.Postgres, left.Anvil - right.Anvil);

    /// <summary>The same for one of many.</summary>
    public Cpu Per(long count) => new(Ours / count, Postgres / count, Anvil / count);

    private static double Of(string name)
    {
        var total = 0.0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)) continue;
            try
            {
                // pid (name) state ...: user and system time are the 12th and 13th behind the name, those of ended
                // children the two behind them.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (!stat.AsSpan(stat.IndexOf('(') + 1).StartsWith(name)) continue;
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
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
