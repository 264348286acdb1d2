// A governed parameter: its value and, for a half-life, the clock by which scores fade. Enters: values as the timelock
// sets them. Leaves: value and clock. Always holds: a change of a half-life moves no score, because the exponent
// reached so far is kept.
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one parameter.</summary>
public static class Parameters
{
    // Events

    /// <summary>Routes values to a parameter.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("parameter", Evolve)
        .On<ParamSet>(e => e.Key);

    // State

    /// <summary>A parameter that governance sets.</summary>
    /// <param name="Key">The parameter's name, as the contracts keep it.</param>
    /// <param name="Name">The parameter's name as text.</param>
    /// <param name="Value">The parameter's value: seconds, basis points or base units, as its name says.</param>
    /// <param name="Changes">The number of times it was set, the deployment included.</param>
    /// <param name="ClockSince">For a half-life: the time since which its clock runs at this pace.</param>
    /// <param name="ClockExponent">For a half-life: the reading of its clock at that time, in 1/65536
    /// half-lives.</param>
    /// <param name="SetAt">The time at which the parameter was last set.</param>
    public sealed record State(
        Word Key,
        string Name,
        UInt256 Value,
        ulong Changes,
        Instant ClockSince,
        UInt128 ClockExponent,
        Instant SetAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ParamSet { Value.IsZero: true } e) when ParameterKeys.IsHalfLife(e.Key) => null,
        (null, ParamSet e) => new State(
            e.Key, ShortNames.TextOf(e.Key), Number(e.Value), 1, ParameterKeys.IsHalfLife(e.Key) ? at.Time : default, 0,
            at.Time),
        (_, ParamSet e) when ParameterKeys.IsHalfLife(e.Key) => state with
        {
            Value = Number(e.Value),
            Changes = state.Changes + 1,
            ClockSince = at.Time,
            ClockExponent = ExponentAt(state, at.Time),
            SetAt = at.Time,
        },
        (_, ParamSet e) => state with { Value = Number(e.Value), Changes = state.Changes + 1, SetAt = at.Time },
        _ => null,
    };

    /// <summary>The reading of a half-life's clock at a moment, in 1/65536 half-lives since the deployment.</summary>
    public static UInt128 ExponentAt(State halfLife, Instant time)
    {
        ArgumentNullException.ThrowIfNull(halfLife);
        if (halfLife.ClockSince.IsNone)
            throw new ArgumentException($"expected a half-life, found the parameter {halfLife.Name}", nameof(halfLife));
        if (time <= halfLife.ClockSince) return halfLife.ClockExponent;
        var elapsed = (BigInteger)(time.Seconds - halfLife.ClockSince.Seconds);
        return halfLife.ClockExponent + (UInt128)(elapsed * Decay.HalfLife / halfLife.Value.ToBigInteger());
    }

    private static UInt256 Number(Word value)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        value.WriteTo(bytes);
        return UInt256.From(new BigInteger(bytes, isUnsigned: true, isBigEndian: true));
    }
}
