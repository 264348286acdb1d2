// A beat: the message of a pulse. Enters: the pulse's name, the beat's number and when it is due. Leaves: the beat
// after it. Always holds: a beat that comes late is followed by one in the future, never by a burst of those that were
// missed.
using Wolverine.Attributes;

namespace EventSourced.Workers.Pulses;

/// <summary>A message that is due at a known moment and orders its own successor.</summary>
/// <param name="Pulse">The name of the pulse.</param>
/// <param name="Number">The first beat of a pulse has number 1.</param>
/// <param name="Due">When the beat is due.</param>
/// <param name="Every">The time from one beat to the next.</param>
[MessageIdentity(Stored)]
public sealed record Beat(string Pulse, int Number, DateTimeOffset Due, TimeSpan Every)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "beat";

    /// <summary>The beat after this one, for a beat that was handled at a moment.</summary>
    public Beat Next(DateTimeOffset handled)
    {
        var due = Due + Every;
        return this with { Number = Number + 1, Due = due > handled ? due : handled + Every };
    }
}
