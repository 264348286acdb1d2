// A beat: the message of a pulse. Enters: the pulse's name, the beat's number and the time at which it is due. Leaves:
// the beat after it. Always holds: a late beat is followed by one in the future, never by a burst of the missed ones.
using Wolverine.Attributes;

namespace EventSourced.Workers.Pulses;

/// <summary>A message that is due at a known moment and orders its own successor.</summary>
/// <param name="Pulse">The name of the pulse.</param>
/// <param name="Number">The first beat of a pulse has number 1.</param>
/// <param name="Due">The time at which the beat is due.</param>
/// <param name="Every">The time from one beat to the next.</param>
[MessageIdentity(Stored)]
public sealed record Beat(string Pulse, int Number, DateTimeOffset Due, TimeSpan Every)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "beat";

    /// <summary>The beat after this one, given the time at which this one was handled.</summary>
    public Beat Next(DateTimeOffset handled)
    {
        var due = Due + Every;
        return this with { Number = Number + 1, Due = due > handled ? due : handled + Every };
    }
}
