// A guest's own end. Enters: the code that it gave to proc_exit. Leaves: an exception that unwinds the guest.
using EventSourced.Metering;

namespace EventSourced.Sandbox.Wasi;

/// <summary>The guest called proc_exit; no error of the host or the guest.</summary>
public sealed class WasiExitException(int exitCode)
    : WasmException(WasmErrorKind.Trap, $"the guest exited with code {exitCode}")
{
    /// <summary>The code that the guest gave.</summary>
    public int ExitCode { get; } = exitCode;
}
