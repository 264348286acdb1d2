// WASI preview 1 as imports. Enters: a linker, and a store with its configuration. Leaves: the 46 functions of
// wasi_snapshot_preview1, of which those of arguments, environment, streams, clocks, randomness and reading files
// work and all others answer an errno. Always holds: every call costs fuel, and so does every byte that it moves.
using System.Runtime.CompilerServices;

namespace EventSourced.Wasm.Wasi;

/// <summary>Defines WASI preview 1 in a linker.</summary>
public static class WasiLinker
{
    /// <summary>Fuel that any WASI call costs; stored in receipts as consumption, never change.</summary>
    public const ulong CallFuel = 256;

    private const string ModuleName = "wasi_snapshot_preview1";

    private static readonly ConditionalWeakTable<Store, WasiProcess> Processes = [];

    // Refused functions by type (i: i32, I: i64) and answer.
    private static readonly (string Name, string Parameters, Errno Answer)[] Refused =
    [
        ("fd_advise", "iIIi", Errno.NotSupported),
        ("fd_allocate", "iII", Errno.ReadOnly),
        ("fd_datasync", "i", Errno.NotSupported),
        ("fd_fdstat_set_flags", "ii", Errno.NotSupported),
        ("fd_fdstat_set_rights", "iII", Errno.NotSupported),
        ("fd_filestat_set_size", "iI", Errno.ReadOnly),
        ("fd_filestat_set_times", "iIIi", Errno.ReadOnly),
        ("fd_pwrite", "iiiIi", Errno.ReadOnly),
        ("fd_renumber", "ii", Errno.NotSupported),
        ("fd_sync", "i", Errno.NotSupported),
        ("path_create_directory", "iii", Errno.ReadOnly),
        ("path_filestat_set_times", "iiiiIIi", Errno.ReadOnly),
        ("path_link", "iiiiiii", Errno.ReadOnly),
        ("path_readlink", "iiiiii", Errno.Invalid),
        ("path_remove_directory", "iii", Errno.ReadOnly),
        ("path_rename", "iiiiii", Errno.ReadOnly),
        ("path_symlink", "iiiii", Errno.ReadOnly),
        ("path_unlink_file", "iii", Errno.ReadOnly),
        ("poll_oneoff", "iiii", Errno.NotSupported),
        ("proc_raise", "i", Errno.NotSupported),
        ("sock_accept", "iii", Errno.NotSupported),
        ("sock_recv", "iiiiii", Errno.NotSupported),
        ("sock_send", "iiiii", Errno.NotSupported),
        ("sock_shutdown", "ii", Errno.NotSupported),
    ];

    private delegate Errno Call(WasiProcess process, GuestMemory memory);

    /// <summary>Gives a store the world of its guest; what the guest writes is read from the answer.</summary>
    public static WasiProcess SetWasiConfiguration(this Store store, WasiConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(configuration);
        var process = new WasiProcess(configuration);
        Processes.AddOrUpdate(store, process);
        return process;
    }

    /// <summary>Defines all functions of wasi_snapshot_preview1.</summary>
    public static void DefineWasi(this Linker linker)
    {
        ArgumentNullException.ThrowIfNull(linker);
        DefineSurroundings(linker);
        DefineStreams(linker);
        DefineFolders(linker);
        foreach (var (name, parameters, answer) in Refused)
        {
            var kinds = parameters.Select(letter => letter == 'I' ? ValueKind.Int64 : ValueKind.Int32).ToArray();
            linker.DefineFunction(ModuleName, name, new FunctionType(kinds, [ValueKind.Int32]), (caller, _, results) =>
            {
                caller.ChargeFuel(CallFuel);
                results[0] = (int)answer;
            });
        }
    }

    private static void DefineSurroundings(Linker linker)
    {
        Define2(linker, "args_sizes_get", (p, m, a, b) => p.ArgsSizesGet(m, a, b));
        Define2(linker, "args_get", (p, m, a, b) => p.ArgsGet(m, a, b));
        Define2(linker, "environ_sizes_get", (p, m, a, b) => p.EnvironSizesGet(m, a, b));
        Define2(linker, "environ_get", (p, m, a, b) => p.EnvironGet(m, a, b));
        Define2(linker, "clock_res_get", (p, m, a, b) => p.ClockResGet(m, a, b));
        linker.DefineFunction(ModuleName, "clock_time_get", (Caller caller, int clock, long precision, int result) =>
            Answer(caller, 0, (p, m) => p.ClockTimeGet(m, clock, result)));
        linker.DefineFunction(ModuleName, "random_get", (Caller caller, int buffer, int length) =>
            Answer(caller, length, (p, m) => p.RandomGet(m, buffer, length)));
        linker.DefineFunction(ModuleName, "sched_yield", (Caller caller) =>
            Answer(caller, 0, (_, _) => Errno.Success));
        linker.DefineFunction(ModuleName, "proc_exit", new FunctionType([ValueKind.Int32], []), (_, arguments, _) =>
            throw new WasiExitException(arguments[0].AsInt32()));
    }

    private static void DefineStreams(Linker linker)
    {
        linker.DefineFunction(ModuleName, "fd_read", (Caller caller, int fd, int vectors, int count, int done) =>
            AnswerMoved(caller, done, (p, m) => p.FdRead(m, fd, vectors, count, done)));
        linker.DefineFunction(ModuleName, "fd_write", (Caller caller, int fd, int vectors, int count, int done) =>
            AnswerMoved(caller, done, (p, m) => p.FdWrite(m, fd, vectors, count, done)));
        linker.DefineFunction(
            ModuleName, "fd_pread", (Caller caller, int fd, int vectors, int count, long offset, int done) =>
                AnswerMoved(caller, done, (p, m) => p.FdPread(m, fd, vectors, count, offset, done)));
        linker.DefineFunction(ModuleName, "fd_seek", (Caller caller, int fd, long offset, int whence, int result) =>
            Answer(caller, 0, (p, m) => p.FdSeek(m, fd, offset, whence, result)));
        linker.DefineFunction(ModuleName, "fd_close", (Caller caller, int fd) =>
            Answer(caller, 0, (p, _) => p.FdClose(fd)));
        Define2(linker, "fd_tell", (p, m, fd, result) => p.FdTell(m, fd, result));
        Define2(linker, "fd_fdstat_get", (p, m, fd, result) => p.FdFdstatGet(m, fd, result));
        Define2(linker, "fd_filestat_get", (p, m, fd, result) => p.FdFilestatGet(m, fd, result));
    }

    private static void DefineFolders(Linker linker)
    {
        Define2(linker, "fd_prestat_get", (p, m, fd, result) => p.FdPrestatGet(m, fd, result));
        linker.DefineFunction(ModuleName, "fd_prestat_dir_name", (Caller caller, int fd, int path, int length) =>
            Answer(caller, 0, (p, m) => p.FdPrestatDirName(m, fd, path, length)));
        linker.DefineFunction(
            ModuleName, "fd_readdir", (Caller caller, int fd, int buffer, int length, long cookie, int used) =>
                AnswerMoved(caller, used, (p, m) => p.FdReaddir(m, fd, buffer, length, cookie, used)));
        linker.DefineFunction(
            ModuleName, "path_filestat_get", (Caller caller, int fd, int flags, int path, int length, int result) =>
                Answer(caller, length, (p, m) => p.PathFilestatGet(m, fd, path, length, result)));
        var open = new FunctionType(
            [
                ValueKind.Int32, ValueKind.Int32, ValueKind.Int32, ValueKind.Int32, ValueKind.Int32, ValueKind.Int64,
                ValueKind.Int64, ValueKind.Int32, ValueKind.Int32,
            ],
            [ValueKind.Int32]);
        linker.DefineFunction(ModuleName, "path_open", open, (caller, given, results) =>
        {
            var (fd, path, length, flags) =
                (given[0].AsInt32(), given[2].AsInt32(), given[3].AsInt32(), given[4].AsInt32());
            var (rights, result) = (given[5].AsInt64(), given[8].AsInt32());
            results[0] = Answer(caller, length, (p, m) => p.PathOpen(m, fd, path, length, flags, rights, result));
        });
    }

    private delegate Errno Call2(WasiProcess process, GuestMemory memory, int first, int second);

    private static void Define2(Linker linker, string name, Call2 call) =>
        linker.DefineFunction(ModuleName, name, (Caller caller, int first, int second) =>
            Answer(caller, 0, (process, memory) => call(process, memory, first, second)));

    /// <summary>Runs a call that writes to <paramref name="done"/> how many bytes it moved, and charges them.</summary>
    private static int AnswerMoved(Caller caller, int done, Call call)
    {
        var answer = Answer(caller, 0, call);
        if (answer == (int)Errno.Success)
            caller.ChargeFuel(new GuestMemory(MemoryOf(caller).GetSpan()).Read32(done));
        return answer;
    }

    private static int Answer(Caller caller, int bytes, Call call)
    {
        caller.ChargeFuel(CallFuel + (uint)bytes);
        if (!Processes.TryGetValue(caller.Store, out var process))
        {
            throw new WasmException(
                WasmErrorKind.Usage, "expected a store with a WASI configuration, found one without");
        }

        try
        {
            return (int)call(process, new GuestMemory(MemoryOf(caller).GetSpan()));
        }
        catch (WasiFaultException fault)
        {
            return (int)fault.Answer;
        }
    }

    private static Memory MemoryOf(Caller caller) =>
        caller.GetMemory("memory") ?? throw new WasmException(
            WasmErrorKind.Unlinkable, "expected a guest of WASI that exports 'memory', found none");
}
