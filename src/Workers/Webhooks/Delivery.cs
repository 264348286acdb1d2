// A change of a command that an asker's address must be told. Enters: the outbox, in the transaction of the change.
// Leaves: one call of the web, tried again by Wolverine until it succeeds or becomes a dead letter.
using Wolverine.Attributes;

namespace EventSourced.Workers.Webhooks;

/// <summary>Tells one address of one change.</summary>
/// <param name="Webhook">The address's id.</param>
/// <param name="Command">The command's id.</param>
/// <param name="Version">The number of facts in its journal at the time; the call may tell a newer state.</param>
[MessageIdentity(Stored)]
public sealed record Delivery(Guid Webhook, Guid Command, int Version)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "webhook-delivery";
}
