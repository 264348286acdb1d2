// PostgreSQL's timestamps on the wire: microseconds since the year 2000.
namespace EventSourced.MartenBulk;

/// <summary>Converts between PostgreSQL's and .NET's points in time.</summary>
internal static class PostgresTime
{
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    internal static long Write(DateTimeOffset time) => (time.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond;

    internal static DateTimeOffset Read(long microseconds) =>
        new(Epoch + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
