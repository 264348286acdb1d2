// A compiled module. Enters: rewritten bytes, compiled. Leaves: what instances are made of. Always holds: it is named
// by the hash of its original bytes.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using Wasmtime;

namespace EventSourced.Sandbox;

/// <summary>A module, rewritten and compiled; many guests may run it at once.</summary>
public sealed class GuestModule(string hash, MeteredModule metered, Module native) : IDisposable
{
    /// <summary>SHA-256 of the original bytes in hex.</summary>
    public string Hash { get; } = hash;

    /// <summary>The rewritten module.</summary>
    public MeteredModule Metered { get; } = metered;

    /// <summary>The module of the package.</summary>
    public Module Native { get; } = native;

    /// <inheritdoc/>
    public void Dispose() => Native.Dispose();
}
