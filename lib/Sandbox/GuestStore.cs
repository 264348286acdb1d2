// A store for one guest. Enters: the guest's world and the host's cancellation. Leaves: a store of the package. Always
// holds: a running guest looks at its own cancellation whenever the engine's epoch moves on, and at no other.
using Wasmtime;

namespace EventSourced.Sandbox;

/// <summary>The store of one guest.</summary>
public sealed class GuestStore : IDisposable
{
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Makes a store; once cancelled, its guest stops soon.</summary>
    public GuestStore(SandboxEngine engine, IGuestWorld? world, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Native = new Store(engine.Native, world);
        Native.SetEpochDeadline(1);
        if (!cancellation.CanBeCanceled)
        {
            // Others' cancellations move the epoch too.
            Native.SetEpochDeadline(long.MaxValue);
            return;
        }

        Native.SetEpochDeadlineCallback(_ =>
        {
            return cancellation.IsCancellationRequested ? throw new GuestTrapException(TrapKind.Interrupted) : 1UL;
        });
        _registration = cancellation.Register(engine.Nudge);
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
