// A duty: one thing that is due in one round with one deadline, as a durable message. Enters: a look at the rows.
// Leaves: one message for each try, with the same id in whichever process it is made.
using Wolverine.Attributes;

namespace EventSourced.Workers.Keeping;

/// <summary>Asks for the command that clears a thing.</summary>
/// <param name="Keeper">The keeper's name.</param>
/// <param name="Thing">The thing.</param>
/// <param name="Round">Its round.</param>
/// <param name="DueSeconds">The second since which it is due.</param>
/// <param name="Try">The number of commands for it that have failed.</param>
[MessageIdentity(Stored)]
public sealed record Duty(string Keeper, string Thing, string Round, long DueSeconds, int Try)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "keeper-duty";

    /// <summary>The part that distinguishes it from every other message of a keeper.</summary>
    public string DeduplicationId => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Keeper}/{Thing}/{Round}/{DueSeconds}/{Try}");
}

/// <summary>
/// A thing for which as many commands failed as the limit allows: a dead letter, until a person requeues it.
/// </summary>
public sealed class DutyGivenUpException(string message) : Exception(message);
