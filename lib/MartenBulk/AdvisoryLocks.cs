// The numbers by which this program's processes exclude one another. PostgreSQL's advisory locks are one space of
// 64-bit numbers a database, so each number is made from the name of the protected thing.
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventSourced.MartenBulk;

/// <summary>Advisory lock numbers.</summary>
internal static class AdvisoryLocks
{
    internal static long Orphans(string schema) => Number($"orphans of {schema}");

    internal static long Tail(string schema) => Number($"tail of {schema}");

    internal static long Cut(string schema) => Number($"cut of {schema}");

    private static long Number(string what) =>
        BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes($"EventSourced.MartenBulk: {what}")));
}
