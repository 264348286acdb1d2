// The processor time of a process and of everything that PostgreSQL runs, from /proc. Enters: nothing. Leaves: seconds of user and system
// time since each process began; a backend that ended in between is missing, so connections stay open while something is measured.
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

    private static double Of(string name)
    {
        var total = 0.0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)) continue;
            try
            {
                // pid (name) state ...: user and system time are the 12th and 13th behind the name.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (!stat.AsSpan(stat.IndexOf('(') + 1).StartsWith(name)) continue;
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                total += (long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
            }
        }

        return total;
    }
}
