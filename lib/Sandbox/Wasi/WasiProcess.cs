// One guest's side of WASI preview 1: arguments, environment, clocks, randomness. Enters: a configuration, then the
// guest's calls. Leaves: the guest's output. Always holds: every answer follows from the configuration and the calls
// before it; the machine's clock, random source, files and network are never asked.
using System.Buffers.Binary;
using System.Security.Cryptography;
using EventSourced.Metering;

namespace EventSourced.Sandbox.Wasi;

/// <summary>The state of one run of a guest: its reads and writes so far.</summary>
public sealed partial class WasiProcess : IGuestWorld
{
    private const int ClockCount = 4;

    private readonly WasiWorld _configuration;
    private ulong _looks;
    private ulong _randomBlock;
    private byte[] _randomRest = [];
    private Guest? _guest;

    /// <summary>Gives a guest its world.</summary>
    public WasiProcess(WasiWorld configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _output = new OutputStream(configuration.OutputLimitBytes);
        _error = new OutputStream(configuration.OutputLimitBytes);
        _descriptors = [new Input(), _output, _error, new Folder("")];
    }

    /// <summary>The bytes that the guest wrote to standard output.</summary>
    public byte[] Output => _output.ToArray();

    /// <summary>The bytes that the guest wrote to standard error.</summary>
    public byte[] ErrorOutput => _error.ToArray();

    internal Guest Guest =>
        _guest ?? throw new WasmException(WasmErrorKind.Usage, "expected a guest in this world, found none");

    /// <inheritdoc/>
    public void Enter(Guest guest) => _guest = guest;

    internal GuestMemory Memory()
    {
        // Only a memory that the guest exports as 'memory' belongs to WASI.
        if (Guest.WasiMemory is not { } memory)
        {
            throw new WasmException(
                WasmErrorKind.Unlinkable, "expected a guest of WASI that exports 'memory', found none");
        }

        return new GuestMemory(memory.GetSpan(0, (int)memory.GetLength()));
    }

    internal long FuelUsed => _guest?.FuelUsed ?? 0;

    internal long MemoryBytes => _guest?.Memory?.GetLength() ?? 0;

    internal Errno ArgsSizesGet(GuestMemory memory, int count, int bytes) =>
        Sizes(memory, _configuration.Arguments, count, bytes);

    internal Errno ArgsGet(GuestMemory memory, int pointers, int bytes) =>
        Texts(memory, _configuration.Arguments, pointers, bytes);

    internal Errno EnvironSizesGet(GuestMemory memory, int count, int bytes) =>
        Sizes(memory, _configuration.Environment, count, bytes);

    internal Errno EnvironGet(GuestMemory memory, int pointers, int bytes) =>
        Texts(memory, _configuration.Environment, pointers, bytes);

    internal Errno ClockResGet(GuestMemory memory, int clock, int result)
    {
        if ((uint)clock >= ClockCount)
            return Errno.Invalid;
        memory.Write64(result, Math.Max(1, _configuration.ClockStepNanoseconds));
        return Errno.Success;
    }

    // All clocks are one: a guest that subtracts one from another learns nothing.
    internal Errno ClockTimeGet(GuestMemory memory, int clock, int result)
    {
        if ((uint)clock >= ClockCount)
            return Errno.Invalid;
        var time = _configuration.ClockStartNanoseconds + (_looks * _configuration.ClockStepNanoseconds);
        memory.Write64(result, time);
        _looks++;
        return Errno.Success;
    }

    // SHA-256 over seed and block number, both little-endian: any implementation can give the same bytes.
    internal Errno RandomGet(GuestMemory memory, int buffer, int length)
    {
        var room = memory.Span(buffer, length);
        Span<byte> key = stackalloc byte[16];
        while (room.Length > 0)
        {
            if (_randomRest.Length == 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(key, _configuration.RandomSeed);
                BinaryPrimitives.WriteUInt64LittleEndian(key[8..], _randomBlock++);
                _randomRest = SHA256.HashData(key);
            }

            var taken = Math.Min(room.Length, _randomRest.Length);
            _randomRest.AsSpan(0, taken).CopyTo(room);
            _randomRest = _randomRest[taken..];
            room = room[taken..];
        }

        return Errno.Success;
    }

    private static Errno Sizes(GuestMemory memory, IReadOnlyList<byte[]> texts, int count, int bytes)
    {
        memory.Write32(count, (uint)texts.Count);
        memory.Write32(bytes, (uint)texts.Sum(text => text.Length));
        return Errno.Success;
    }

    private static Errno Texts(GuestMemory memory, IReadOnlyList<byte[]> texts, int pointers, int bytes)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            memory.Write32(pointers + (4 * i), (uint)bytes);
            texts[i].CopyTo(memory.Span(bytes, texts[i].Length));
            bytes += texts[i].Length;
        }

        return Errno.Success;
    }
}
