// A guest that ended itself by proc_exit. Enters: its exit code. Leaves: an exception that unwinds the guest up to
// whoever called it.
namespace EventSourced.Wasm.Wasi;

/// <summary>The guest called proc_exit.</summary>
public sealed class WasiExitException(int exitCode)
    : WasmException(WasmErrorKind.Host, $"the guest ended with exit code {exitCode}")
{
    /// <summary>What the guest gave to proc_exit.</summary>
    public int ExitCode { get; } = exitCode;
}
