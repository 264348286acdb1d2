// Brings names to disk. Enters: a folder. Leaves: nothing. Always holds: on Linux and macOS a name that was given or
// taken in the folder survives the loss of power afterwards; Windows does that by itself.
using System.Runtime.InteropServices;

namespace EventSourced.Content;

internal static partial class Durable
{
    private const int ReadOnly = 0;

    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(folder, ReadOnly);
        if (handle < 0) throw new IOException($"expected to open folder {folder}, found error {Error()}");
        var result = Sync(handle);
        var error = Error();
        _ = Close(handle);
        if (result < 0) throw new IOException($"expected folder {folder} on disk, found error {error}");
    }

    private static int Error() => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
