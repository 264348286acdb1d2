// Random event ids, version 4 as Marten writes them. The system's generator is asked for many at once, because one
// call to it costs more than the rest of an append's work on an event.
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventSourced.EventStore.Writing;

/// <summary>Draws random ids in bulk.</summary>
internal static class EventIds
{
    private const int Drawn = 256;

    [ThreadStatic]
    private static Guid[]? _ids;

    [ThreadStatic]
    private static int _used;

    internal static Guid Next()
    {
        if (_ids is null || _used == Drawn)
        {
            _ids ??= new Guid[Drawn];
            RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(_ids.AsSpan()));
            _used = 0;
        }

        Span<byte> bytes = stackalloc byte[16];
        _ids[_used++].TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
