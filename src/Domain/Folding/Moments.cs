// The contracts' conditions on time, in their own words. Enters: now and a deadline. Leaves: null when the time is
// right, else the refusal that the chain would give. Always holds: at the deadline itself it is too late for a step
// before it.
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>Refusals for the wrong time.</summary>
internal static class Moments
{
    /// <summary>Null before a deadline, else <c>TooLate</c>.</summary>
    internal static Decision? Before(Instant now, Instant end) =>
        now < end ? null : Decision.Refuse("TooLate", $"a time before {end}", $"{now}");

    /// <summary>Null from a moment on, else <c>TooEarly</c>.</summary>
    internal static Decision? From(Instant now, Instant start) =>
        now >= start ? null : Decision.Refuse("TooEarly", $"a time from {start}", $"{now}");
}
