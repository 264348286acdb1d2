// Processor time of a server's process and of one PostgreSQL cluster, from /proc. Enters: process ids. Leaves:
// microseconds since they began; connections stay open while something is measured, so no backend is lost in between.
using System.Globalization;
using Npgsql;

namespace EventSourced.BenchGraphQL;

internal sealed class Cpu(int postmaster)
{
    private const double MicrosecondsPerTick = 10_000;

    public static async Task<Cpu> OfClusterAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand("select pg_backend_pid()");
        return new((int)Fields((int)(await command.ExecuteScalarAsync())!)![1]);
    }

    public static double OfProcess(int process) =>
        Fields(process) is { } fields ? (fields[11] + fields[12]) * MicrosecondsPerTick : 0;

    public double OfPostgres() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)
            ? process : 0)
        .Where(process => process != 0)
        .Select(Fields).Where(fields => fields is not null && fields[1] == postmaster)
        .Sum(fields => (fields![11] + fields[12]) * MicrosecondsPerTick);

    // The numbers of /proc/PID/stat behind the name: 1 is the parent, 11 and 12 are ticks in user and system mode.
    private static long[]? Fields(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(
                ' ').Select(field => long.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
