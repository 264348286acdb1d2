// A change of a command that an asker's address is to be told of. Enters: the outbox, in the transaction of the change.
// Leaves: one call of the web, tried again by Wolverine until it is heard or a dead letter.
using Wolverine.Attributes;

namespace EventSourced.Workers.Webhooks;

/// <summary>Tells one address of one change.</summary>
/// <param name="Webhook">The address's id.</param>
/// <param name="Command">The command's id.</param>
/// <param name="Version">How many facts its journal held; what is told may be newer.</param>
[MessageIdentity(Stored)]
public sealed record Delivery(Guid Webhook, Guid Command, int Version)
{
    /// <summary>The message's name in the inbox. Stored; never rename.</summary>
    public const string Stored = "webhook-delivery";
}
