// What a host function sees of whoever called it. Enters: the calling instance. Leaves: its exports and its store.
// Always holds: it is only valid during the call.
namespace EventSourced.Wasm;

/// <summary>The guest that is calling a function of the host.</summary>
public readonly struct Caller : IEquatable<Caller>
{
    private readonly Instance? _instance;

    internal Caller(Store store, Instance? instance)
    {
        Store = store;
        _instance = instance;
    }

    /// <summary>The caller's store.</summary>
    public Store Store { get; }

    /// <summary>The calling instance, or null where the host itself called.</summary>
    public Instance? Instance => _instance;

    /// <summary>The caller's exported memory of that name, or null.</summary>
    public Memory? GetMemory(string name) => _instance?.GetMemory(name);

    /// <summary>The caller's exported function of that name, or null.</summary>
    public Function? GetFunction(string name) => _instance?.GetFunction(name);

    /// <summary>The object the host gave to the store.</summary>
    public object? GetData() => Store.GetData();

    /// <summary>Takes fuel for work that the host does for the guest; traps where there is not enough.</summary>
    public void ChargeFuel(ulong units) => Store.Charge((long)Math.Min(units, long.MaxValue));

    /// <inheritdoc/>
    public bool Equals(Caller other) =>
        ReferenceEquals(Store, other.Store) && ReferenceEquals(_instance, other._instance);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Caller other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Store, _instance);

    /// <summary>Same store and instance.</summary>
    public static bool operator ==(Caller left, Caller right) => left.Equals(right);

    /// <summary>Another store or instance.</summary>
    public static bool operator !=(Caller left, Caller right) => !left.Equals(right);
}
