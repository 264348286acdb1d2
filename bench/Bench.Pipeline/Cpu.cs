// The processor time of this process, of the PostgreSQL cluster that it measures with, and of its own nodes, from
// /proc. Enters: nothing. Leaves: user and system time since each process began, with that of its children that have
// ended: backends, workers that vacuumed or sorted. Always holds: other clusters of the machine are not counted.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.BenchPipeline;

/// <summary>Processor time so far, in microseconds.</summary>
internal readonly record struct Cpu(double Ours, double Postgres, double Anvil)
{
    private const double MicrosecondsPerTick = 10_000;
    private const int ParentField = 1;

    private static readonly int Postmaster = (int)StatOf(BackendOfCluster())!.Value.Fields[ParentField];

    public static Cpu Now()
    {
        using var self = Process.GetCurrentProcess();
        var (postgres, anvil) = (0.0, 0.0);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)) continue;
            if (StatOf(process) is not var (name, fields)) continue;
            // User and system time are the 12th and 13th field behind the name, those of ended children the two behind.
            if (process == Postmaster) postgres += fields[11..15].Sum();
            else if (fields[ParentField] == Postmaster) postgres += fields[11] + fields[12];
            else if (name == "anvil" && fields[ParentField] == Environment.ProcessId) anvil += fields[11] + fields[12];
        }

        return new Cpu(
            self.TotalProcessorTime.TotalMicroseconds, postgres * MicrosecondsPerTick, anvil * MicrosecondsPerTick);
    }

    public static Cpu operator -(Cpu left, Cpu right) =>
        new(left.Ours - right.Ours, left.Postgres - right.Postgres, left.Anvil - right.Anvil);

    /// <summary>The same for one of many.</summary>
    public Cpu Per(long count) => new(Ours / count, Postgres / count, Anvil / count);

    private static int BackendOfCluster()
    {
        using var connection = new NpgsqlConnection(TestDatabase.Cluster);
        connection.Open();
        return connection.ProcessID;
    }

    private static (string Name, long[] Fields)? StatOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var end = stat.LastIndexOf(')');
            return (stat[(stat.IndexOf('(') + 1)..end], [.. stat[(end + 2)..].Split(' ').Select(
                field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
