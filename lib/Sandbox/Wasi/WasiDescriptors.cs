// Descriptors of a guest: standard streams, the root folder (3) and the files that it opened. Enters: calls by number.
// Leaves: bytes read, bytes collected, or an errno. Always holds: a file can only be read; a write to a stream is taken
// whole or refused whole.
using System.Buffers;
using System.Text;

namespace EventSourced.Sandbox.Wasi;

public sealed partial class WasiProcess
{
    /// <summary>Descriptors that one guest may have open at once.</summary>
    public const int DescriptorLimit = 1_024;

    /// <summary>Buffers that one read or write may name.</summary>
    public const int VectorLimit = 1_024;

    private const int PathLimitBytes = 4_096;
    private const int EntryHeaderBytes = 24;
    private const ulong RightRead = 1 << 1;
    private const ulong RightSeek = 1 << 2;
    private const ulong RightTell = 1 << 5;
    private const ulong RightWrite = 1 << 6;
    private const ulong RightPathOpen = 1 << 13;
    private const ulong RightReadFolder = 1 << 14;
    private const ulong RightPathStat = 1 << 18;
    private const ulong RightStat = 1 << 21;

    private readonly OutputStream _output;
    private readonly OutputStream _error;
    private readonly List<Descriptor?> _descriptors;
    private int _inputPosition;

    private enum FileType : byte
    {
        Character = 2,
        Folder = 3,
        File = 4,
    }

    internal Errno FdRead(GuestMemory memory, int descriptor, int vectors, int count, int done)
    {
        switch (Get(descriptor))
        {
            case Input:
                var input = _configuration.StandardInput.Span[_inputPosition..];
                _inputPosition += Scatter(memory, input, vectors, count, done);
                return Errno.Success;
            case OpenFile file:
                var rest = file.Content.Span[(int)Math.Min(file.Position, (ulong)file.Content.Length)..];
                file.Position += (ulong)Scatter(memory, rest, vectors, count, done);
                return Errno.Success;
            case Folder:
                return Errno.IsDirectory;
            default:
                return Errno.BadDescriptor;
        }
    }

    internal Errno FdPread(GuestMemory memory, int descriptor, int vectors, int count, long offset, int done)
    {
        if (Get(descriptor) is not OpenFile file)
            return Get(descriptor) is Input ? Errno.NoSeek : Errno.BadDescriptor;
        var from = (int)Math.Min((ulong)offset, (ulong)file.Content.Length);
        Scatter(memory, file.Content.Span[from..], vectors, count, done);
        return Errno.Success;
    }

    internal Errno FdWrite(GuestMemory memory, int descriptor, int vectors, int count, int done)
    {
        if (Get(descriptor) is not OutputStream stream)
            return Get(descriptor) is OpenFile ? Errno.ReadOnly : Errno.BadDescriptor;
        CheckVectors(count);
        var total = 0L;
        for (var i = 0; i < count; i++)
            total += Buffer(memory, vectors, i).Length;
        if (!stream.HasRoom(total))
            return Errno.TooBig;
        // The answer's place is proven before a byte is taken, and written after: it may lie among the vectors.
        memory.Span(done, 4);
        for (var i = 0; i < count; i++)
            stream.Write(Buffer(memory, vectors, i));
        memory.Write32(done, (uint)total);
        return Errno.Success;
    }

    internal Errno FdSeek(GuestMemory memory, int descriptor, long offset, int whence, int result)
    {
        if (Get(descriptor) is not OpenFile file)
            return Errno.NoSeek;
        var from = whence switch
        {
            0 => 0,
            1 => (long)file.Position,
            2 => file.Content.Length,
            _ => -1,
        };
        if (from < 0 || offset < -from || offset > long.MaxValue - from)
            return Errno.Invalid;
        memory.Write64(result, (ulong)(from + offset));
        file.Position = (ulong)(from + offset);
        return Errno.Success;
    }

    internal Errno FdTell(GuestMemory memory, int descriptor, int result)
    {
        if (Get(descriptor) is not OpenFile file)
            return Errno.NoSeek;
        memory.Write64(result, file.Position);
        return Errno.Success;
    }

    internal Errno FdClose(int descriptor)
    {
        Get(descriptor);
        _descriptors[descriptor] = null;
        return Errno.Success;
    }

    internal Errno FdFdstatGet(GuestMemory memory, int descriptor, int result)
    {
        var (type, rights, inherited) = Get(descriptor) switch
        {
            Input => (FileType.Character, RightRead, 0UL),
            OutputStream => (FileType.Character, RightWrite, 0UL),
            OpenFile => (FileType.File, RightRead | RightSeek | RightTell | RightStat, 0UL),
            _ => (
                FileType.Folder,
                RightPathOpen | RightReadFolder | RightPathStat | RightStat,
                RightRead | RightSeek | RightTell | RightStat | RightReadFolder | RightPathOpen | RightPathStat),
        };
        var stat = memory.Span(result, 24);
        stat.Clear();
        stat[0] = (byte)type;
        memory.Write64(result + 8, rights);
        memory.Write64(result + 16, inherited);
        return Errno.Success;
    }

    internal Errno FdFilestatGet(GuestMemory memory, int descriptor, int result) => Get(descriptor) switch
    {
        OpenFile file => WriteStat(memory, result, file.Number, FileType.File, file.Content.Length),
        Folder folder => WriteStat(memory, result, _configuration.Files.Find(folder.Path)!.Number, FileType.Folder, 0),
        _ => WriteStat(memory, result, 0, FileType.Character, 0),
    };

    internal Errno FdPrestatGet(GuestMemory memory, int descriptor, int result)
    {
        if (descriptor != 3 || Get(descriptor) is not Folder)
            return Errno.BadDescriptor;
        memory.Write32(result, 0);
        memory.Write32(result + 4, 1);
        return Errno.Success;
    }

    internal Errno FdPrestatDirName(GuestMemory memory, int descriptor, int path, int length)
    {
        if (descriptor != 3 || Get(descriptor) is not Folder)
            return Errno.BadDescriptor;
        if (length < 1)
            return Errno.NameTooLong;
        memory.Span(path, 1)[0] = (byte)'/';
        return Errno.Success;
    }

    internal Errno FdReaddir(GuestMemory memory, int descriptor, int buffer, int length, long cookie, int used)
    {
        if (Get(descriptor) is not Folder folder)
            return Errno.NotDirectory;
        var room = memory.Span(buffer, length);
        var children = _configuration.Files.Children(folder.Path);
        var written = 0;
        var first = (int)Math.Min((ulong)cookie, (ulong)children.Count);
        for (var i = first; i < children.Count && written < room.Length; i++)
        {
            // An entry that does not fit is cut: the guest sees a full buffer and comes back with more room.
            var entry = Entry(children[i], i + 1);
            var taken = Math.Min(entry.Length, room.Length - written);
            entry.AsSpan(0, taken).CopyTo(room[written..]);
            written += taken;
        }

        memory.Write32(used, (uint)written);
        return Errno.Success;
    }

    internal Errno PathFilestatGet(GuestMemory memory, int descriptor, int path, int length, int result)
    {
        var node = Resolve(memory, descriptor, path, length);
        if (node is null)
            return Errno.NoEntry;
        var type = node.IsFolder ? FileType.Folder : FileType.File;
        return WriteStat(memory, result, node.Number, type, node.Content?.Length ?? 0);
    }

    internal Errno PathOpen(
        GuestMemory memory, int descriptor, int path, int length, int flags, long rights, int result)
    {
        const int Create = 1, FolderOnly = 2, Exclusive = 4, Truncate = 8;
        var node = Resolve(memory, descriptor, path, length);
        if (node is null)
            return (flags & Create) != 0 ? Errno.ReadOnly : Errno.NoEntry;
        if ((flags & Create) != 0 && (flags & Exclusive) != 0)
            return Errno.Exists;
        if ((flags & FolderOnly) != 0 && !node.IsFolder)
            return Errno.NotDirectory;
        if ((flags & Truncate) != 0 || ((ulong)rights & RightWrite) != 0)
            return Errno.ReadOnly;
        var free = _descriptors.IndexOf(null, 4 <= _descriptors.Count ? 4 : _descriptors.Count);
        if (free < 0 && _descriptors.Count >= DescriptorLimit)
            return Errno.TooManyOpen;
        memory.Write32(result, (uint)(free < 0 ? _descriptors.Count : free));
        if (free < 0)
            _descriptors.Add(Opened(node));
        else
            _descriptors[free] = Opened(node);
        return Errno.Success;
    }

    private static Descriptor Opened(InputFiles.Node node) =>
        node.Content is { } content ? new OpenFile(content, node.Number) : new Folder(node.Path);

    private static byte[] Entry(InputFiles.Node node, int next)
    {
        var name = Encoding.UTF8.GetBytes(node.Name);
        var entry = new byte[EntryHeaderBytes + name.Length];
        var memory = new GuestMemory(entry);
        memory.Write64(0, (ulong)next);
        memory.Write64(8, node.Number);
        memory.Write32(16, (uint)name.Length);
        entry[20] = (byte)(node.IsFolder ? FileType.Folder : FileType.File);
        name.CopyTo(entry.AsSpan(EntryHeaderBytes));
        return entry;
    }

    private static Errno WriteStat(GuestMemory memory, int result, ulong number, FileType type, int size)
    {
        var stat = memory.Span(result, 64);
        stat.Clear();
        memory.Write64(result + 8, number);
        stat[16] = (byte)type;
        memory.Write64(result + 24, 1);
        memory.Write64(result + 32, (ulong)size);
        return Errno.Success;
    }

    private static int Scatter(GuestMemory memory, ReadOnlySpan<byte> source, int vectors, int count, int done)
    {
        CheckVectors(count);
        memory.Write32(done, 0);
        var total = 0;
        for (var i = 0; i < count && source.Length > total; i++)
        {
            var room = Buffer(memory, vectors, i);
            var taken = Math.Min(room.Length, source.Length - total);
            source.Slice(total, taken).CopyTo(room);
            total += taken;
        }

        memory.Write32(done, (uint)total);
        return total;
    }

    private static Span<byte> Buffer(GuestMemory memory, int vectors, int index) =>
        memory.Span((int)memory.Read32(vectors + (8 * index)), (int)memory.Read32(vectors + (8 * index) + 4));

    private static void CheckVectors(int count)
    {
        if ((uint)count > VectorLimit)
            throw new WasiFaultException(Errno.Invalid);
    }

    private Descriptor Get(int descriptor) =>
        (uint)descriptor < (uint)_descriptors.Count && _descriptors[descriptor] is { } found
            ? found
            : throw new WasiFaultException(Errno.BadDescriptor);

    private InputFiles.Node? Resolve(GuestMemory memory, int descriptor, int path, int length)
    {
        if (Get(descriptor) is not Folder folder)
            throw new WasiFaultException(Errno.NotDirectory);
        if ((uint)length > PathLimitBytes)
            throw new WasiFaultException(Errno.NameTooLong);
        var full = InputFiles.Normalize(folder.Path, memory.Text(path, length))
            ?? throw new WasiFaultException(Errno.NotCapable);
        return _configuration.Files.Find(full);
    }

    private abstract class Descriptor;

    private sealed class Input : Descriptor;

    private sealed class Folder(string path) : Descriptor
    {
        public string Path { get; } = path;
    }

    private sealed class OpenFile(ReadOnlyMemory<byte> content, ulong number) : Descriptor
    {
        public ReadOnlyMemory<byte> Content { get; } = content;

        public ulong Number { get; } = number;

        public ulong Position { get; set; }
    }

    private sealed class OutputStream(int limit) : Descriptor
    {
        private readonly ArrayBufferWriter<byte> _bytes = new();

        public bool HasRoom(long more) => _bytes.WrittenCount + more <= limit;

        public void Write(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

        public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
    }
}
