// A governed parameter: its value, and for a half-life the clock by which scores decay. Enters: new values, the first
// ones at deployment. Leaves: what `get` and `exponentAt` answer. Always holds: when a half-life changes, the
// exponent reached so far stays, so that no score moves; exponents never fall.
namespace EventSourced.Domain;

/// <summary>The aggregate of one governed parameter.</summary>
public static class Parameters
{
    // Events

    /// <summary>How a parameter's events reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("parameter", Evolve)
        .On<ParamSet>(e => e.Key);

    // State

    /// <summary>A parameter.</summary>
    /// <param name="Key">The parameter's key: its name in one word.</param>
    /// <param name="Name">The key as text.</param>
    /// <param name="Value">The value: seconds, base units, basis points or a count, as the name says.</param>
    /// <param name="IsHalfLife">Whether it is a half-life, and so has a decay clock.</param>
    /// <param name="ClockSince">From when on the clock runs by this value; 0: no clock.</param>
    /// <param name="ClockExponent">The decay exponent that was reached then, in 1/65536 half-lives.</param>
    /// <param name="SetAt">When it was last set.</param>
    public sealed record State(
        Word Key,
        string Name,
        UInt256 Value,
        bool IsHalfLife,
        Instant ClockSince,
        UInt128 ClockExponent,
        Instant SetAt);

    // Evolve

    private const uint HalfLifeSteps = 65_536;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ParamSet e) => Create(e, at),
        (_, ParamSet { Value: var value }) when state.IsHalfLife => value.IsZero ? null : state with
        {
            Value = NumberOf(value),
            ClockSince = at.Time,
            ClockExponent = ExponentAt(state, at.Time),
            SetAt = at.Time,
        },
        (_, ParamSet e) => state with { Value = NumberOf(e.Value), SetAt = at.Time },
        _ => null,
    };

    private static State? Create(ParamSet e, in At at)
    {
        var name = ShortText.Of(e.Key);
        var isHalfLife = name is "repHalfLife" or "recHalfLife" or "strikeHalfLife";
        // Every parameter has a name of the contract's list, and nothing can decay by a half-life of nothing.
        if (name.Length == 0 || (isHalfLife && e.Value.IsZero)) return null;
        return new State(e.Key, name, NumberOf(e.Value), isHalfLife, isHalfLife ? at.Time : default, 0, at.Time);
    }

    /// <summary>The decay exponent of a half-life at a moment, in 1/65536 half-lives; 0 without a clock.</summary>
    public static UInt128 ExponentAt(State halfLife, Instant time)
    {
        ArgumentNullException.ThrowIfNull(halfLife);
        if (!halfLife.IsHalfLife || time <= halfLife.ClockSince) return halfLife.ClockExponent;
        var passed = (UInt128)(ulong)(time.Seconds - halfLife.ClockSince.Seconds);
        // A half-life beyond 128 bits is longer than anything that can pass.
        return halfLife.ClockExponent + (halfLife.Value.High == 0 ? passed * HalfLifeSteps / halfLife.Value.Low : 0);
    }

    private static UInt256 NumberOf(Word word)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        word.WriteTo(bytes);
        return new UInt256(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));
    }
}
