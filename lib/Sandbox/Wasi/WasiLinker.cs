// WASI preview 1 as imports of our own: the engine's WASI reaches the machine and is never used. Enters: a linker; a
// store whose data is the guest's process. Leaves: the 46 functions of wasi_snapshot_preview1, of which those of
// arguments, environment, streams, clocks, randomness and reading files work and all others answer an errno. Always
// holds: every call costs fuel, and so does every byte that it moves.
using EventSourced.Metering;
using Wasmtime;
using ValueKind = Wasmtime.ValueKind;

namespace EventSourced.Sandbox.Wasi;

/// <summary>Defines WASI preview 1 in a linker.</summary>
internal static class WasiLinker
{
    /// <summary>Fuel that any WASI call costs; stored in receipts as consumption, never change.</summary>
    public const long CallFuel = 256;

    private const string ModuleName = "wasi_snapshot_preview1";

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

    private delegate Errno Call2(WasiProcess process, GuestMemory memory, int first, int second);

    /// <summary>Defines all functions of wasi_snapshot_preview1.</summary>
    public static void Define(Linker linker)
    {
        DefineSurroundings(linker);
        DefineStreams(linker);
        DefineFolders(linker);
        foreach (var (name, parameters, answer) in Refused)
        {
            ValueKind[] kinds = [.. parameters.Select(letter => letter == 'I' ? ValueKind.Int64 : ValueKind.Int32)];
            linker.DefineFunction(
                ModuleName,
                name,
                (caller, _, results) => results[0] = Answer(caller, 0, (_, _) => answer),
                kinds,
                [ValueKind.Int32]);
        }
    }

    private static void DefineSurroundings(Linker linker)
    {
        Define2(linker, "args_sizes_get", (p, m, a, b) => p.ArgsSizesGet(m, a, b));
        Define2(linker, "args_get", (p, m, a, b) => p.ArgsGet(m, a, b));
        Define2(linker, "environ_sizes_get", (p, m, a, b) => p.EnvironSizesGet(m, a, b));
        Define2(linker, "environ_get", (p, m, a, b) => p.EnvironGet(m, a, b));
        Define2(linker, "clock_res_get", (p, m, a, b) => p.ClockResGet(m, a, b));
        linker.DefineFunction(ModuleName, "clock_time_get", (CallerFunc<int, long, int, int>)(
            (caller, clock, _, result) => Answer(caller, 0, (p, m) => p.ClockTimeGet(m, clock, result))));
        linker.DefineFunction(ModuleName, "random_get", (CallerFunc<int, int, int>)(
            (caller, buffer, length) => Answer(caller, (uint)length, (p, m) => p.RandomGet(m, buffer, length))));
        linker.DefineFunction(ModuleName, "sched_yield", (CallerFunc<int>)(
            caller => Answer(caller, 0, (_, _) => Errno.Success)));
        linker.DefineFunction(ModuleName, "proc_exit", (CallerAction<int>)(
            (_, code) => throw new WasiExitException(code)));
    }

    private static void DefineStreams(Linker linker)
    {
        linker.DefineFunction(ModuleName, "fd_read", (CallerFunc<int, int, int, int, int>)(
            (caller, fd, vectors, count, done) =>
                AnswerMoved(caller, done, (p, m) => p.FdRead(m, fd, vectors, count, done))));
        linker.DefineFunction(ModuleName, "fd_write", (CallerFunc<int, int, int, int, int>)(
            (caller, fd, vectors, count, done) =>
                AnswerMoved(caller, done, (p, m) => p.FdWrite(m, fd, vectors, count, done))));
        linker.DefineFunction(ModuleName, "fd_pread", (CallerFunc<int, int, int, long, int, int>)(
            (caller, fd, vectors, count, offset, done) =>
                AnswerMoved(caller, done, (p, m) => p.FdPread(m, fd, vectors, count, offset, done))));
        linker.DefineFunction(ModuleName, "fd_seek", (CallerFunc<int, long, int, int, int>)(
            (caller, fd, offset, whence, result) =>
                Answer(caller, 0, (p, m) => p.FdSeek(m, fd, offset, whence, result))));
        linker.DefineFunction(ModuleName, "fd_close", (CallerFunc<int, int>)(
            (caller, fd) => Answer(caller, 0, (p, _) => p.FdClose(fd))));
        Define2(linker, "fd_tell", (p, m, fd, result) => p.FdTell(m, fd, result));
        Define2(linker, "fd_fdstat_get", (p, m, fd, result) => p.FdFdstatGet(m, fd, result));
        Define2(linker, "fd_filestat_get", (p, m, fd, result) => p.FdFilestatGet(m, fd, result));
    }

    private static void DefineFolders(Linker linker)
    {
        Define2(linker, "fd_prestat_get", (p, m, fd, result) => p.FdPrestatGet(m, fd, result));
        linker.DefineFunction(ModuleName, "fd_prestat_dir_name", (CallerFunc<int, int, int, int>)(
            (caller, fd, path, length) => Answer(caller, 0, (p, m) => p.FdPrestatDirName(m, fd, path, length))));
        linker.DefineFunction(ModuleName, "fd_readdir", (CallerFunc<int, int, int, long, int, int>)(
            (caller, fd, buffer, length, cookie, used) =>
                AnswerMoved(caller, used, (p, m) => p.FdReaddir(m, fd, buffer, length, cookie, used))));
        linker.DefineFunction(ModuleName, "path_filestat_get", (CallerFunc<int, int, int, int, int, int>)(
            (caller, fd, _, path, length, result) =>
                Answer(caller, (uint)length, (p, m) => p.PathFilestatGet(m, fd, path, length, result))));
        linker.DefineFunction(ModuleName, "path_open", (CallerFunc<int, int, int, int, int, long, long, int, int, int>)(
            (caller, fd, _, path, length, flags, rights, _, _, result) => Answer(
                caller, (uint)length, (p, m) => p.PathOpen(m, fd, path, length, flags, rights, result))));
    }

    private static void Define2(Linker linker, string name, Call2 call) =>
        linker.DefineFunction(ModuleName, name, (CallerFunc<int, int, int>)((caller, first, second) =>
            Answer(caller, 0, (process, memory) => call(process, memory, first, second))));

    /// <summary>Runs a call that writes to <paramref name="done"/> how many bytes it moved, and charges them.</summary>
    private static int AnswerMoved(Caller caller, int done, Call call)
    {
        var answer = Answer(caller, 0, call);
        if (answer == (int)Errno.Success)
        {
            var process = Process(caller);
            process.Guest.Charge(process.Memory().Read32(done));
        }

        return answer;
    }

    private static int Answer(Caller caller, uint bytes, Call call)
    {
        var process = Process(caller);
        process.Guest.Charge(CallFuel + bytes);
        try
        {
            return (int)call(process, process.Memory());
        }
        catch (WasiFaultException fault)
        {
            return (int)fault.Answer;
        }
    }

    private static WasiProcess Process(Caller caller) =>
        caller.GetData() as WasiProcess ?? throw new WasmException(
            WasmErrorKind.Usage, "expected a store with a WASI process, found one without");
}
