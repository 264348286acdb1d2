// A store for one guest. Enters: the guest's world and the host's cancellation. Leaves: a store of the package. Always
// holds: a running guest looks at its own cancellation whenever the engine's epoch moves on, and at no other.
using Wasmtime;

namespace EventSourced.Sandbox.Engines;

/// <summary>The store of one guest.</summary>
public sealed class GuestStore : IDisposable
{
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Makes a store for a guest that ends by itself.</summary>
    public GuestStore(SandboxEngine engine, IGuestWorld? world = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Native = new Store(engine.Native, world);
    }

    /// <summary>Makes a store; in a room where guests can be interrupted, a cancelled one stops soon.</summary>
    internal GuestStore(EngineRoom room, IGuestWorld? world, CancellationToken cancellation)
    {
        Native = new Store(room.Native, world);
        if (!room.Interruptible)
            return;
        Native.SetEpochDeadline(1);

        Native.SetEpochDeadlineCallback(_ =>
        {
            return cancellation.IsCancellationRequested ? throw new GuestTrapException(TrapKind.Interrupted) : 1UL;
        });
        _registration = cancellation.Register(room.Native.IncrementEpoch);
    }

    /// <summary>The store of the package.</summary>
    public Store Native { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        Native.Dispose();
    }
}
