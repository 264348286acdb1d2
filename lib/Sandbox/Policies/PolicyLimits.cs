// The limits of a policy. Enters: the host's choice. Leaves: bounds that every evaluation keeps.
namespace EventSourced.Sandbox.Policies;

/// <summary>The bounds of one evaluation.</summary>
public sealed record PolicyLimits
{
    /// <summary>Operators that one evaluation may run.</summary>
    public long Fuel { get; init; } = 10_000_000;

    /// <summary>Bytes of memory that a policy may have.</summary>
    public long MemoryBytes { get; init; } = 4 << 20;

    /// <summary>Calls that may nest in one another.</summary>
    public int CallDepth { get; init; } = 500;

    /// <summary>Bytes of the input JSON.</summary>
    public int InputBytes { get; init; } = 65_536;

    /// <summary>Bytes of the decision JSON.</summary>
    public int DecisionBytes { get; init; } = 4_096;
}
