// A guest that passes every WASI function through, so that a test can call it as a guest would and look at the memory.
using System.Text;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Wasi;
using Wasmtime;

namespace EventSourced.Sandbox.Tests.Wasi;

internal sealed class WasiGuest : IDisposable
{
    /// <summary>
    /// All functions of wasi_snapshot_preview1 with their parameters (i: i32, I: i64); all but one answer an i32.
    /// </summary>
    public static readonly (string Name, string Parameters)[] Functions =
    [
        ("args_get", "ii"), ("args_sizes_get", "ii"), ("environ_get", "ii"), ("environ_sizes_get", "ii"),
        ("clock_res_get", "ii"), ("clock_time_get", "iIi"), ("fd_advise", "iIIi"), ("fd_allocate", "iII"),
        ("fd_close", "i"), ("fd_datasync", "i"), ("fd_fdstat_get", "ii"), ("fd_fdstat_set_flags", "ii"),
        ("fd_fdstat_set_rights", "iII"), ("fd_filestat_get", "ii"), ("fd_filestat_set_size", "iI"),
        ("fd_filestat_set_times", "iIIi"), ("fd_pread", "iiiIi"), ("fd_prestat_get", "ii"),
        ("fd_prestat_dir_name", "iii"), ("fd_pwrite", "iiiIi"), ("fd_read", "iiii"), ("fd_readdir", "iiiIi"),
        ("fd_renumber", "ii"), ("fd_seek", "iIii"), ("fd_sync", "i"), ("fd_tell", "ii"), ("fd_write", "iiii"),
        ("path_create_directory", "iii"), ("path_filestat_get", "iiiii"), ("path_filestat_set_times", "iiiiIIi"),
        ("path_link", "iiiiiii"), ("path_open", "iiiiiIIii"), ("path_readlink", "iiiiii"),
        ("path_remove_directory", "iii"), ("path_rename", "iiiiii"), ("path_symlink", "iiiii"),
        ("path_unlink_file", "iii"), ("poll_oneoff", "iiii"), ("proc_exit", "i"), ("proc_raise", "i"),
        ("random_get", "ii"), ("sched_yield", ""), ("sock_accept", "iii"), ("sock_recv", "iiiiii"),
        ("sock_send", "iiiii"), ("sock_shutdown", "ii"),
    ];

    private const long Plenty = long.MaxValue / 4;

    private readonly GuestStore _store;

    public WasiGuest(WasiWorld? world = null)
    {
        Process = new WasiProcess(world ?? new WasiWorld());
        _store = new GuestStore(Wat.Engine, Process);
        var module = Wat.Engine.Compile(TextFormat.Module(Text()));
        Guest = Wat.Engine.OnGuestThread(() => Sandbox.Guest.Instantiate(
            module, _store.Native, Wat.Engine.WasiFunctions, new GuestLimits(Plenty, 1_000, 1 << 20), Process));
        Memory = Guest.Native.GetMemory("memory")!;
    }

    public Guest Guest { get; }

    public WasiProcess Process { get; }

    public Memory Memory { get; }

    public void Dispose() => _store.Dispose();

    /// <summary>Calls a function; integers are given as they are, wide where the function wants it.</summary>
    public Errno Call(string name, params long[] arguments)
    {
        var kinds = Functions.Single(function => function.Name == name).Parameters;
        var boxes = kinds.Zip(arguments, (kind, value) =>
            kind == 'I' ? (ValueBox)value : unchecked((int)value)).ToArray();
        var function = Guest.Native.GetFunction(name)!;
        return Wat.Engine.OnGuestThread(() => Guest.Run(() => (Errno)(int)function.Invoke(boxes)!));
    }

    /// <summary>Writes texts and the vectors that name them; gives the address of the vectors.</summary>
    public int Vectors(int address, params string[] texts)
    {
        var at = address + (8 * texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            var length = Memory.WriteString(at, texts[i]);
            Memory.WriteInt32(address + (8 * i), at);
            Memory.WriteInt32(address + (8 * i) + 4, length);
            at += length;
        }

        return address;
    }

    /// <summary>Opens a path from the root for reading; the descriptor lies at 8.</summary>
    public Errno Open(string path, int flags = 0, long rights = 2, int folder = 3) =>
        Call("path_open", folder, 0, 1_000, Memory.WriteString(1_000, path), flags, rights, 0, 0, 8);

    /// <summary>Reads at most so many bytes from a descriptor.</summary>
    public string Read(int descriptor, int length)
    {
        Memory.WriteInt32(16, 2_000);
        Memory.WriteInt32(20, length);
        Assert.Equal(Errno.Success, Call("fd_read", descriptor, 16, 1, 24));
        return Encoding.UTF8.GetString(Memory.GetSpan(2_000, Memory.ReadInt32(24)));
    }

    // Imports come before everything else in a module.
    private static string Text()
    {
        var (imports, wrappers) = (new StringBuilder(), new StringBuilder());
        foreach (var (name, parameters) in Functions)
        {
            var kinds = string.Join(' ', parameters.Select(kind => kind == 'I' ? "i64" : "i32"));
            var type = $"(param {kinds}) {(name == "proc_exit" ? "" : "(result i32)")}";
            var given = string.Concat(Enumerable.Range(0, parameters.Length).Select(i => $" (local.get {i})"));
            imports.AppendLine($"(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} {type}))");
            wrappers.AppendLine($"(func (export \"{name}\") {type} (call ${name}{given}))");
        }

        return $"(module\n{imports}(memory (export \"memory\") 1 1)\n{wrappers})";
    }
}
