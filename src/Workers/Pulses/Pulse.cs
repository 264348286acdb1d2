// A pulse: the row of the beat that was handled last. Enters: beats, in any order and repeatedly. Leaves: the row after
// a beat, or nothing for an old beat. Always holds: each number is taken once, one after the other.
namespace EventSourced.Workers.Pulses;

/// <summary>The last beat of a pulse that was handled; its number is the row's revision in the database.</summary>
public sealed class Pulse
{
    /// <summary>The name of the pulse.</summary>
    public required string Id { get; init; }

    /// <summary>The number of the beat; Marten keeps it as the revision.</summary>
    public required int Number { get; set; }

    /// <summary>The time at which the beat was due.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>The time at which the beat was handled.</summary>
    public required DateTimeOffset Handled { get; init; }

    /// <summary>The time from one beat to the next.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>The number of the node that handled it.</summary>
    public required int Node { get; init; }

    /// <summary>The time from the beat's due moment until it was handled.</summary>
    public TimeSpan Lateness() => Handled > Due ? Handled - Due : TimeSpan.Zero;

    /// <summary>The beat that comes next.</summary>
    public Beat Next() => new Beat(Id, Number, Due, Every).Next(Handled);

    /// <summary>The row after a beat; null: the beat was handled before.</summary>
    /// <exception cref="InvalidOperationException">The beat before it was never handled.</exception>
    public static Pulse? After(Pulse? last, Beat beat, DateTimeOffset handled, int node)
    {
        ArgumentNullException.ThrowIfNull(beat);
        var expected = (last?.Number ?? 0) + 1;
        if (beat.Number < expected) return null;
        if (beat.Number > expected)
            throw new InvalidOperationException(
                $"expected beat {expected} of pulse {beat.Pulse}, found beat {beat.Number}: a beat is missing");
        return new Pulse
        {
            Id = beat.Pulse,
            Number = beat.Number,
            Due = beat.Due,
            Handled = handled,
            Every = beat.Every,
            Node = node,
        };
    }
}
