// A duty: one thing that is due in one round with one deadline, as a durable message. Enters: a look at the rows.
// Leaves: one message for each try, by the same id wherever it is made.
using Wolverine.Attributes;

namespace EventSourced.Workers.Keeping;

/// <summary>Asks for the command that clears a thing.</summary>
/// <param name="Keeper">The keeper's name.</param>
/// <param name="Thing">The thing.</param>
/// <param name="Round">Its round.</param>
/// <param name="DueSeconds">Since which second it is due.</param>
/// <param name="Try">How many commands for it have failed.</param>
[MessageIdentity(Stored)]
public sealed record Duty(string Keeper, string Thing, string Round, long DueSeconds, int Try)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "keeper-duty";

    /// <summary>The part that tells it from every other message of a keeper.</summary>
    public string DeduplicationId => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Keeper}/{Thing}/{Round}/{DueSeconds}/{Try}");
}

/// <summary>A thing whose commands failed as often as they may: a dead letter, until a person requeues it.</summary>
public sealed class DutyGivenUpException(string message) : Exception(message);
